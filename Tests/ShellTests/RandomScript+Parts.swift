/// What scripts of firewalls do besides: lists, files, filters, functions, options.
extension RandomScript {
    /// `IFS`, for a while or from here on.
    mutating func separators() -> String {
        let value = pick(":", ",", "$'\\n\\t'", "$'\\n'", "", "' :'", "ab", "' '")
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return "IFS=\(value); run \(words(2)); unset IFS"
        case 1: return "IFS=\(value); for v in \(words(2)); do run \"$v\"; done; IFS=$' \\t\\n'"
        case 2:
            return
                "( IFS=\(value); run \"$*\" $* \"${A[*]}\"; j=$*; run \"$j\"; j=${A[*]}; run \"$j\"; j=\"$@\"; run \"$j\" )"
        case 3: return "f8() { local IFS=\(value); run \"$*\" \(word()); }; f8 \(words(2))"
        default:
            return
                "IFS=\(value) read -r a b c <<< \(pick("\"$Y\"", "'a:b::c:'", "' a , b,, '", "\"$L\"", "x")); run \"$a\" \"$b\" \"$c\""
        }
    }

    /// What `set` and `return` change.
    mutating func options() -> String {
        switch Int.random(in: 0..<8, using: &random) {
        case 0:
            return "set -o pipefail; refuse a | cat > /dev/null; run $? \"${PIPESTATUS[@]}\"; set +o pipefail"
        case 1:
            return
                "( set -u; run a; run \(pick("$U", "\"${A[9]}\"", "${U:-d}", "\"${A[@]}\"", "$((U + 1))", "${#U}", "$N")); run b ); run $?"
        case 2:
            return
                "( set -e; \(pick("refuse a", "refuse a | cat", "refuse a || true", "! run a", "[ a = b ]", "x=$(refuse b)")); run b ); run $?"
        case 3:
            return
                "( set -euo pipefail; \(pick("refuse a | true", "true | refuse a", "run $U", "run ${U:-x}")); run b ); run $?"
        case 4: return "return \(pick("0", "3")) 2> /dev/null; run $?"
        case 5:
            return "( trap 'run bye' EXIT; \(pick("run in", "exit 4", "refuse x; exit")); run more ); run $?"
        case 6: return "f7() { return \(pick("300", "2", "$N", "")); }; f7; run $?"
        default: return "false | true | \(pick("true", "false")); run $? \"${PIPESTATUS[*]}\""
        }
    }

    /// Ways to take text apart.
    mutating func reading() -> String {
        let lines = pick("\"$L\"", "\"$Y\"", "a b", "$X 'x y'", "''")
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return "mapfile -t B < <(printf '%s\\n' \(lines)); run ${#B[@]} \"${B[@]}\""
        case 1:
            return
                "readarray \(pick("-t", "", "-t -n 1", "-t -s 1", "-ts 1", "-d : -t")) B <<< \(pick("\"$L\"", "\"$Y\"")); run \"${B[@]}\""
        case 2: return "read -ra B <<< \(pick("\"$Y\"", "'a\\b c'", "''")); run ${#B[@]} \"${B[@]}\""
        case 3:
            return "while IFS=\(pick(":", ",", "' '")) read -r a b _; do run \"$a\" \"$b\"; done <<< \"$L\""
        case 4:
            return "while read l; do run \"$l\"; done < <(printf '\(pick("%s\\n", "%s", "%s \\n"))' \(lines))"
        case 5: return "printf 'a\\nb' | { while read l || [ -n \"$l\" ]; do run \"$l\"; done; }"
        case 6: return "read -r -d '' D <<'E'\nx $Y\n y\nE\nrun \"$D\" $?"
        case 7:
            return
                "OPTIND=1; while getopts \(pick("ab:c", ":ab:c")) o \(pick("-a -b 5 x", "-abv y", "-b", "-z -c", "-c -- -a", "x -a", "-cb\"$Y\"")) 2> /dev/null; do run \"$o\" \"${OPTARG-none}\" $OPTIND; done; run $OPTIND"
        case 8:
            return
                "g() { local OPTIND o; while getopts p:v o; do case $o in p) P=$OPTARG;; v) run v;; *) run other;; esac; done 2> /dev/null; shift $((OPTIND - 1)); run \"$P\" \"$@\"; }; g \(pick("-p 22 x", "-v", "-q", "-vp22 a b"))"
        default:
            return
                "take <<E\n\(pick("${A[*]}", "$(echo $Y)", "${X:-\"q\"}", "`echo a`", "a\\\nb", "$L"))\nE\n"
        }
    }

    /// Files that the script writes, looks at and removes.
    mutating func files() -> String {
        let name = "t\(number())"
        switch Int.random(in: 0..<7, using: &random) {
        case 0:
            return
                "T=$(mktemp); echo \(word()) > \"$T\"; echo more >> $T; take < \"$T\"; rm -f \"$T\"; [ -f \"$T\" ] || run gone"
        case 1: return "printf '%s\\n' \(words(2)) > \(name).$$; take < ./\(name).$$; rm -f \(name).$$"
        case 2:
            return
                "rm -f \(name); [ -e \(name) ] || run none; echo x > \(name); [ -s \(name) ] && run some; run \"$(< \(name))\" \"$(cat \(name))\""
        case 3:
            return
                "D=$(mktemp -d); echo \(word()) > $D/a; cp $D/a $D/b; mv $D/b $D/c; take < $D/c; rm -rf $D; [ -f $D/a ] || run gone"
        case 4:
            return
                "mkdir -p \(name)/d; [ -d \(name)/d ] && run made; echo a | tee \(name)/d/f > /dev/null; ( cd \(name) && take < d/f )"
        case 5:
            return
                "{ echo a; echo \(word()); } > \(name); while read -r l; do run \"$l\"; done < \(name); run $(wc -l < \(name))"
        default:
            return
                "echo \"$L\" > \(name); sed -i 's/a/A/' \(name); take < \(name); run \"$(grep -c A \(name))\""
        }
    }

    /// A script that the script writes and runs.
    mutating func ownScript() -> String {
        let name = "s\(number()).sh"
        let text = pick(
            "run \"$1\" $#\nexit 3",
            "X=in; shift; run \"$X\" \"$@\"",
            "return 4\nrun no",
            "set -e\nrefuse x\nrun y",
            "run ${X-none} ${V-none}",
            "trap 'run out' EXIT\nrun \"$@\""
        )
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return "cat > \(name) <<'E'\n\(text)\nE\nbash \(name) \(words(1)); run $? \"$X\""
        case 1:
            return "cat > \(name) <<'E'\n\(text)\nE\n( . ./\(name) \(pick("", "a b")); run $? \"$X\" \"$1\" )"
        case 2:
            return
                "printf '#!/bin/bash\\n%s\\n' '\(text.replacing("'", with: "\""))' > \(name); chmod +x \(name); V=7 ./\(name) a 'b c'; run $?"
        case 3:
            return
                "echo 'echo \"<$1>\" $X; exit 2' > \(name); run \"$(sh \(name) \(pick("a", "'b c'", "")); echo $?)\""
        case 4: return "export V=9; bash -c 'run \"$V\" \"${X-none}\" \"$1\"' n \(word()); run $?"
        default:
            return
                "run \"$(echo 'echo in $1; false' | sh; echo $?)\"; bash \(pick("-e", "-u", "")) -c 'run a; refuse b; run ${NONE-n}; run $NONE; run c'; run $?"
        }
    }

    /// A pipe of programs that make text of text.
    mutating func filtered() -> String {
        let source = pick(
            "printf '%s\\n' \"$L\"",
            "echo \"$Y\"",
            "printf '%s\\n' 10 9 b2 b2 a1",
            "seq 5",
            "printf '%s\\n' \"${A[@]}\"",
            "echo a:b:c,d"
        )
        let stages = (0..<Int.random(in: 1...3, using: &random)).map { _ in filter() }.joined(
            separator: " | "
        )
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return "\(source) | \(stages) | { take; }"
        case 1: return "\(source) | \(stages) | while read -r a b; do run \"$a\" \"$b\"; done"
        case 2: return "for v in $(\(source) | \(stages)); do run $v; done"
        default: return "run \"$(\(source) | \(stages))\" $?"
        }
    }

    private mutating func filter() -> String {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: return "cut \(pick("-d: -f2", "-d' ' -f1", "-c1-3", "-d: -f1,3 -s", "-c 2-", "-d, -f-1"))"
        case 1:
            return
                "tr \(pick("a-z A-Z", "-d a", "-s b", "'\\n' ' '", "-cd 'a-z\\n'", ": '\\n'", "'[:lower:]' '[:upper:]'"))"
        case 2: return "sort \(pick("", "-u", "-n", "-r", "-nr"))"
        case 3: return "uniq \(pick("", "-c", "-d", "-u"))"
        case 4: return pick("head -1", "head -n 2", "tail -1", "tail -n +2", "tail -n 2", "head -c 3")
        case 5: return pick("wc -l", "wc -w", "wc -c")
        case 6:
            return
                "sed \(pick("'s/a/X/'", "-n '2p'", "'/^#/d'", "-e 's/b/&&/g' -e '1d'", "-E 's/([a-z])([0-9:])/\\2\\1/'", "'$d'", "'s/ .*//'", "-n '/a/p'", "'1,2d'", "'/^$/d;s/x$/y/'", "'s|:|/|g'", "'/b/,/c/d'", "'2q'", "'y/ab/AB/'"))"
        case 7:
            return
                "awk \(pick("'{print $1}'", "-F: '{print $2}'", "'NR==2'", "'/a/ {print $NF}'", "'!/^#/ {print NR, $0}'", "-F'[:,]' '{print $1 \"-\" $2}'", "'$1==\"b\" {print $2; exit}'", "'NR>1 {print \"x\" $1}'", "'NF'", "'$1 ~ /^a/'"))"
        case 8:
            return
                "grep \(pick("a", "-v a", "-i TEN", "-E 'a|b'", "-o '[0-9]*'", "-w b", "-c a", "-x 10", "-n 1", "-- -x", "-F a:1", "-e a -e b", "-m1 .", "-q a", "'^[^#]'", "-vE '^(#|$)'", "'a\\|T'"))"
        case 9: return pick("tac", "paste -sd,", "paste -s -d ' '", "cat", "cat -")
        case 10:
            return "xargs \(pick("", "-n1", "-n 2 echo x", "-I{} echo '<{}>'", "-L1 echo y", "-r echo z"))"
        default: return pick("cat", "sed -n 1p", "tr -d '\\r'")
        }
    }

    /// Functions that call each other, with names of their own.
    mutating func function() -> String {
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            return
                "h() { local X=$1 N; N=${2:-0}; run \"$X\" $N; [ $# -gt 1 ] && h \"${@:2}\"; return $N; }; h \(words(2)) 1; run $? \"$X\" $N"
        case 1:
            return
                "h() { local -a B=(\"$@\"); local i; for i in \"${!B[@]}\"; do run $i \"${B[$i]}\"; done; }; h \(words(2))"
        case 2: return "h() { echo \"$1:$N\"; N=9; return 3; }; V=$(h \(word())); run \"$V\" $? $N"
        case 3:
            return
                "h() { while [ $# -gt 0 ]; do case $1 in -p) run port \"$2\"; shift;; -*) run option \"$1\";; *) run \"$1\";; esac; shift; done; }; h \(pick("-p 22 -x y", "\"$@\"", "a -p", "${A[@]}"))"
        case 4: return "h() { (( $1 > 0 )) || return 0; run $1; h $(( $1 - 1 )); }; h \(pick("0", "3"))"
        default:
            return
                "h() { for a; do [[ $a == q* ]] && continue; run \"$a\" && [ \"$a\" = s ] && break; done; }; h \"$@\" \(words(2))"
        }
    }

    /// Arrays by names and by numbers.
    mutating func table() -> String {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return "M[\(pick("k", "$X", "new", "\"a b\""))]=\(word()); run \"${#M[@]}\" \"${M[k]}\""
        case 1: return "(( M[k]++ )); (( A[7] += 2 )); run ${M[k]} \"${A[7]}\" ${#A[@]}"
        case 2: return "unset 'A[1]'; run \"${A[@]}\" ${!A[@]}; A=(one 'two words' three)"
        case 3: return "for k in k x; do run $k \"${M[$k]}\"; done"
        case 4:
            return
                "P=A[1]; run \"${!P}\"; P=X; run \"${!P}\"; B=(\"${A[@]}\" last); run ${#B[@]} \"${B[-1]}\""
        default:
            return
                "declare -A S=(); for v in a b a; do [[ -n ${S[$v]:-} ]] && continue; S[$v]=1; run $v; done"
        }
    }

    /// `=~` and `case`.
    mutating func matching() -> String {
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            return
                "if [[ \(pick("10.0.0.0/8", "tcp:22", "$X", "\"$Y\"")) =~ ^([a-z0-9.]+)[/:]([0-9]+)$ ]]; then run \"${BASH_REMATCH[1]}\" \"${BASH_REMATCH[2]}\"; else run no; fi"
        case 1:
            return
                "re='^([^ ]+) +(.*)$'; [[ \(pick("$Y", "$X", "'p  q'")) =~ $re ]] && run \"${BASH_REMATCH[@]}\""
        case 2:
            return
                "case \(word()) in *.*.*.*/*) run net;; *:*) run six;; [0-9]*) run number ;;& *) run \(word());; esac"
        default:
            return
                "for p in 22 80,443 tcp/53 x; do case $p in *,*) run many \"${p//,/ }\";; */*) run \"${p%/*}\" \"${p#*/}\";; ''|*[!0-9]*) run bad;; *) run one $p;; esac; done"
        }
    }
}
