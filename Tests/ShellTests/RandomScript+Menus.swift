/// Menus, names for names, patterns with groups, traps of errors.
extension RandomScript {
    /// `select`, of an input that is known.
    mutating func menu() -> String {
        let answers = pick("1", "2\n9\n1", "", "\n3", "x\n2", " 2 ", "7")
        let body = pick(
            "run \"$m\" \"$REPLY\"",
            "[ -n \"$m\" ] && break",
            "case $m in b) run b; break;; *) run other;; esac"
        )
        return
            "select m in \(pick("a b", "\"${A[@]}\"", "$Y", "\(words(3))")); do \(body); done 2> /dev/null <<E\n\(answers)\nE\nrun $? \"${m-none}\""
    }

    /// `local -n`
    mutating func reference() -> String {
        switch Int.random(in: 0..<7, using: &random) {
        case 0:
            return
                "n1() { local -n r=$1; run \"$r\" ${!r}; r=\(word()); r+=x; }; n1 \(pick("X", "Z", "Y")); run \"$X\" \"$Z\""
        case 1:
            return
                "n2() { local -n a=$1; a+=(\(word())); local i; for i in \"${a[@]}\"; do run \"$i\"; done; run ${#a[@]} \"${!a[@]}\"; }; n2 A; run \"${A[@]}\""
        case 2: return "n3() { local -n out=$1 t=$2; out=${t[\(pick("k", "x"))]}; }; n3 X M; run \"$X\""
        case 3:
            return
                "n4() { local -n o=$1; read -r o <<< \(word()); printf -v o '%s-' \"$o\"; }; n4 X; run \"$X\""
        case 4: return "declare -n q=N; q=5; (( q++ )); run $q $N; unset -n q; run \"${q-gone}\""
        case 5:
            return
                "n5() { local -n m=$1; m[\(pick("k", "new"))]=\(word()); run \"${m[k]}\"; }; n5 M; run \"${M[k]}\""
        default:
            return
                "n6() { local -n in=$1; n7 in; }; n7() { local -n deep=$1; deep=\(word()); }; n6 X; run \"$X\""
        }
    }

    /// Patterns with groups. `shopt -s extglob` must come before the command that has them is read.
    mutating func extended() -> String {
        let group = pick(
            "+([0-9])",
            "@(tcp|udp)",
            "!(a*)",
            "*(a|b)",
            "?(x)y",
            "+(a|b)c",
            "!(*.*)",
            "@(a|!(b))",
            "+([a-z])?(/+([0-9]))",
            "@($X|p)",
            "@(\"$X\"|q*)",
            "*([!a])",
            "+(?)",
            "a@(b|)c"
        )
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            return
                "for w in 22 tcp abc aab '' x.y \(word()); do case $w in \(group)) run yes \"$w\";; *) run no \"$w\";; esac; done"
        case 1: return "[[ \(pick("$X", "tcp", "22", "\"$Y\"", "''")) == \(group) ]]; run $?"
        case 2:
            return
                "run \"${\(pick("X", "Y"))\(pick("%", "%%", "#", "##"))\(pick(group, "*( )", "+([a-c])"))}\""
        default:
            return
                "run \"${\(pick("X", "Y"))\(pick("/", "//", "/#", "/%"))\(group)/_}\""
        }
    }

    /// `trap … ERR`
    mutating func errorTrap() -> String {
        let failing = pick(
            "refuse a",
            "refuse a || true",
            "! run a",
            "[ a = b ]",
            "( refuse c )",
            "x=$(refuse b)",
            "true | refuse b",
            "if refuse a; then :; fi",
            "(( 0 ))",
            "run ok",
            "e1",
            "e1 || run after"
        )
        let end = pick("", "trap - ERR; ", "set -e; ")
        return
            "e1() { refuse in; return \(pick("0", "3")); }; ( \(pick("", "set -E; "))trap 'run error $?\(pick("", "; exit 5"))' ERR; \(failing); \(end)refuse z; run end ); run $?"
    }
}
