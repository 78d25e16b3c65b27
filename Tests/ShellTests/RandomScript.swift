import TestSupport

/// Makes scripts that leave nothing open, out of everything that the evaluator knows.
struct RandomScript {
    var random: SplitMix64
    private(set) var depth = 0
    private var loops = 0

    init(seed: Int) {
        random = SplitMix64(state: UInt64(seed) &* 7_919)
    }

    mutating func script() -> String {
        let head = """
            X=abc; Y='a b  c'; Z=; N=3; A=(one 'two words' three); set -- p 'q r' s
            unset U E V P NONE m q; shopt -s extglob; export LC_ALL=C; declare -A M=([k]=1 [x]='m n'); L=$'b 2\na:1:x\n# c\n\na:1:x\nTen,10 $X'

            """
        return head + statements(Int.random(in: 2...5, using: &random))
    }

    /// A number that no other part of the script has, for names.
    mutating func number() -> Int {
        loops += 1
        return loops
    }

    mutating func pick<Element>(_ elements: Element...) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &random)]
    }

    private mutating func statements(_ count: Int) -> String {
        var text = ""
        for _ in 0..<count {
            text += statement()
            if text.last != "\n" { text += pick("\n", "; ", "\n\n", " # word\n") }
        }
        return text
    }

    mutating func block() -> String {
        depth += 1
        defer { depth -= 1 }
        return statements(Int.random(in: 1...2, using: &random))
    }

    private mutating func statement() -> String {
        if depth > 2 { return simple() }
        switch Int.random(in: 0..<35, using: &random) {
        case 0: return "if \(condition()); then \(block())else \(block())fi"
        case 1: return "if \(condition()); then \(block())elif \(condition()); then \(block())fi"
        case 2: return "for v in \(words(3)); do \(block())run \"$v\"; done"
        case 3:
            loops += 1
            return
                "i\(loops)=0; while [ $i\(loops) -lt \(pick("0", "1", "3")) ]; do i\(loops)=$((i\(loops) + 1)); \(block())done"
        case 4:
            return
                "case \(word()) in \(pattern()) | \(pattern())) \(block())\n:;; \(pattern())) \(block())\n:;; *) \(simple());; esac"
        case 5: return "f\(depth)() { \(block())\(pick("", "return 1\n")) }; f\(depth) \(words(2))"
        case 6: return "\(simple()) && \(simple()) || \(simple())"
        case 7: return "{ \(block())}"
        case 8: return "( \(block()))"
        case 9: return "take <<E\n\(pick("$X", "a $Y", "${N}x", "$((N + 1))", "\\$X", "plain"))\nE\n"
        case 10: return "while read a b; do run \"$a\" \"$b\"; done <<E\n1 2 3\n$Y\nx\nE\n"
        case 11:
            loops += 1
            let name = "k\(loops)"
            return
                "for ((\(name) = 0; \(name) < \(pick("0", "2")); \(name)++)); do run $\(name); \(block())done"
        case 12: return "! \(condition()) && run not"
        case 13: return "[[ \(word()) == \(pattern()) ]] && \(simple())"
        case 14: return separators()
        case 15: return options()
        case 16: return reading()
        case 17: return files()
        case 18: return ownScript()
        case 19: return filtered()
        case 20: return function()
        case 21: return table()
        case 22: return matching()
        case 23: return menu()
        case 24: return reference()
        case 25: return extended()
        case 26: return errorTrap()
        default: return simple()
        }
    }

    mutating func simple() -> String {
        switch Int.random(in: 0..<16, using: &random) {
        case 0: return "\(pick("X", "Y", "Z"))=\(word())"
        case 1: return "\(pick("X", "Y", "Z"))+=\(word())"
        case 2: return "N=$((\(expression())))"
        case 3: return "A=(\(words(2)))"
        case 4: return "A+=(\(word()))"
        case 5: return "A[\(pick("0", "1", "5"))]=\(word())"
        case 6: return "shift"
        case 7: return "refuse \(word())"
        case 8: return "let N=\(pick("N+1", "N*2", "'N = 7'"))"
        case 9:
            return
                "printf -v \(pick("X", "Z", "A[1]")) \(pick("%s-", "%03d", "%-4s", "%x")) \(pick("7", "10"))"
        case 10: return "eval \"run \(pick("\\$X", "$N", "'\\$Y'"))\""
        default: return "run \(words(3))"
        }
    }

    mutating func words(_ most: Int) -> String {
        (0..<Int.random(in: 1...most, using: &random)).map { _ in word() }.joined(separator: " ")
    }

    mutating func word() -> String {
        switch Int.random(in: 0..<34, using: &random) {
        case 0: return "plain"
        case 1: return "'single  $X'"
        case 2: return "\"double $X  \\\"q\\\" \\$N\""
        case 3: return "$X"
        case 4: return "$Y"
        case 5: return "\"$Y\""
        case 6: return "a\(pick("${Z}", "\"$Z\"", "''"))b"
        case 7: return "${Z:-\(pick("d", "'d e'", "$Y", "\"$Y\""))}"
        case 8: return "\"${Z:-\(pick("d", "d e", "$Y"))}\""
        case 9: return "${X:+\(pick("p", "$N"))}"
        case 10: return "${#\(pick("X", "Y", "Z", "A[@]"))}"
        case 11:
            return
                "\"${\(pick("X", "Y"))\(pick("%", "%%", "#", "##"))\(pick("*", "b*", "*b", "?", "[a-c]", "a", " *"))}\""
        case 12:
            return
                "\"${\(pick("X", "Y"))\(pick("/", "//", "/#", "/%"))\(pick("a", "b", " ", "?"))/\(pick("Z", "", "$N"))}\""
        case 13: return "\"${Y:\(pick("0", "2", "1:2", "3:9", " -2"))}\""
        case 14: return "$(echo \(pick("x", "'x  y'", "$X", "\"$Y\"")))"
        case 15: return "\"$(echo \(pick("x", "'x  y'", "\"$Y\"")); echo z)\""
        case 16: return "`echo \(pick("x", "$X"))`"
        case 17: return "$((\(expression())))"
        case 18:
            return pick("{1..3}", "{a,b}", "x{1,2}y", "{c..a}", "{01..03}", "{x}", "{1..3..2}", "a{b,{c,d}}")
        case 19:
            return pick("\"${A[@]}\"", "${A[@]}", "\"${A[*]}\"", "${A[1]}", "\"${A[0]}\"", "\"${A[@]:1}\"")
        case 20: return pick("$1", "\"$1\"", "$#", "\"$@\"", "$@", "\"$*\"", "${2}", "\"${@:2}\"")
        case 21: return "\(pick("\\a", "\\ ", "\\'", "\\\\"))b"
        case 22: return "$'\(pick("t\\tt", "\\x41", "\\101", "it\\'s"))'"
        case 23: return "${X\(pick("^", "^^", ",", ",,"))}"
        case 24: return "$?"
        case 25: return "\"\""
        case 26: return "${!\(pick("P", "A[@]"))}".replacing("!P", with: "X")
        case 27: return "-\(pick("A", "-long=x"))"
        case 28:
            return pick(
                "\"${A[@]: -1}\"",
                "\"${A[@]:0:2}\"",
                "${A[*]}",
                "\"${A[@]: -2:1}\"",
                "\"${A[@]/o/0}\"",
                "\"${A[-1]}\"",
                "\"${A[@]#t}\"",
                "${A[@]^^}",
                "\"${A[@]:9}\""
            )
        case 29: return pick("\"${@: -1}\"", "\"${@:1:1}\"", "\"${*:2}\"", "$*", "\"${*}\"")
        case 30: return pick("\"${M[k]}\"", "${M[x]}", "${#M[@]}", "\"${!M[@]}\"", "${M[none]:-d}")
        case 31: return pick("\"$L\"", "$L", "\"${L%%$'\\n'*}\"", "${L##*,}", "\"${L//:/ }\"")
        case 32: return pick("${U-u}", "${U:-$Y}", "${U+x}", "\"${U=new}\"", "${#U}")
        default: return pick("w", "1", "0.0.0.0/0", "a:b", "x=y", "22,80", "%s", "a#b")
        }
    }

    mutating func pattern() -> String {
        pick("a*", "*", "?bc", "[a-z]*", "\"$X\"", "$X", "plain", "'*'", "[!a]*", "*b*", "a\\*")
    }

    mutating func condition() -> String {
        switch Int.random(in: 0..<13, using: &random) {
        case 0: return "[ -n \"$X\" ]"
        case 1: return "[ -z \"$Z\" ]"
        case 2: return "[ \"$X\" = \(pick("abc", "\"$Y\"", "x")) ]"
        case 3: return "[ $N \(pick("-eq", "-ne", "-lt", "-ge", "-gt", "-le")) \(pick("3", "4", "$#")) ]"
        case 4: return "(( \(expression()) ))"
        case 5: return "[[ $X == \(pattern()) && -n $N ]]"
        case 6: return "[[ ! ( $X < b || \"$Z\" ) ]]"
        case 7: return "[ \"$X\" != x -a $N -gt 1 ]"
        case 8: return pick("true", "false", "refuse c", "run c")
        case 9:
            return pick(
                "[ 010 -eq 10 ]",
                "[[ 010 -eq 8 ]]",
                "[ x$N -eq 3 ]",
                "[ \"$Z\" -lt 9 ]",
                "[ 08 -lt $N ]"
            )
        case 10:
            return pick(
                "[ -v X ]",
                "[[ -v U ]]",
                "command -v echo > /dev/null",
                "type -t printf > /dev/null",
                "[ -n \"${A[2]}\" ]"
            )
        case 11:
            return
                "[[ \(word()) =~ \(pick("^a", "[0-9]+", "b|w", "^(a|p)(b*)c?$", "\"$X\"", "$X", "\\.", "^$"))  ]]"
        default: return "test \"$Y\""
        }
    }

    mutating func expression() -> String {
        let left = pick(
            "2 ** 3",
            "10#08",
            "A[9]",
            "M[k]",
            "N += 2",
            "N > 2 ? 5 : 6",
            "N",
            "$N",
            "2",
            "(N + 1)",
            "N++",
            "-N",
            "~1",
            "0x1F",
            "010",
            "!N"
        )
        guard Bool.random(using: &random) else { return left }
        let right = pick("1", "N", "3", "(2 - 5)", "N * 2", "7 % 4")
        return
            "\(left) \(pick("+", "-", "*", "/", "%", "<", "<=", "==", "!=", "&&", "||", "&", "|", "^", "<<", ">>")) \(right)"
    }
}
