import Diagnostics
import Testing

@testable import Shell

/// A script and the commands that come of it.
struct ScriptCase: CustomTestStringConvertible {
    var script: String
    var commands: [String]

    init(_ script: String, _ commands: String...) {
        self.script = script
        self.commands = commands
    }

    var testDescription: String { script }
}

@Suite struct ShellScriptTests {
    static let cases = [
        ScriptCase("run a b", "a|b"),
        ScriptCase("run a; run b # c\n# run d\nrun 'e #'", "a", "b", "e #"),
        ScriptCase("run a \\\n  b", "a|b"),
        ScriptCase("run 'a  b' \"c 'd'\" e\\ f g\\'h", "a  b|c 'd'|e f|g'h"),
        ScriptCase("run '' \"\" x", "''|''|x"),
        ScriptCase("run $'a\\tb\\x41\\n'", "a\tbA\n"),
        ScriptCase("X=1 Y='a b'; run $X $Y \"$Y\" ${X}2", "1|a|b|a b|12"),
        ScriptCase("X=; run a $X b \"$X\"", "a|b|''"),
        ScriptCase("X='run a'; $X b", "a|b"),
        ScriptCase("X=a; X+=b; run $X", "ab"),
        ScriptCase("Z=3 run $Z; Z=4; run $Z", "$Z", "4"),
        ScriptCase("unset A B; run ${A:-d} ${A-e} ${A:+f} ${B:=g} $B", "d|e|g|g"),
        ScriptCase("F=a/b.tar.gz; run ${F%.*} ${F%%.*} ${F#*/} ${F##*.} ${#F}", "a/b.tar|a/b|b.tar.gz|gz|10"),
        ScriptCase(
            "F=aXbX; run ${F/X/-} ${F//X/-} ${F:1} ${F:1:2} ${F: -1} ${F^^} ${F,,}",
            "a-bX|a-b-|XbX|Xb|X|AXBX|axbx"
        ),
        ScriptCase("for i in 1 2 'a b'; do run $i; done", "1", "2", "a|b"),
        ScriptCase("for i in {1..3} {a,b}c; do run $i; done", "1", "2", "3", "ac", "bc"),
        ScriptCase("run x{1,2}{a,b} {01..03} '{1,2}' {x}", "x1a|x1b|x2a|x2b|01|02|03|{1,2}|{x}"),
        ScriptCase(
            "for i in $(seq 2); do run $i; done; for ((i=0; i<2; i++)); do run c$i; done",
            "1",
            "2",
            "c0",
            "c1"
        ),
        ScriptCase(
            "i=0; while [ $i -lt 3 ]; do i=$((i + 1)); [ $i = 2 ] && continue; run $i; done",
            "1",
            "3"
        ),
        ScriptCase("i=; until [ \"$i\" = xx ]; do run a$i; i=x$i; done", "a", "ax"),
        ScriptCase(
            "while read a b; do run \"$a\" \"$b\"; done <<E\n1 2 3\nx\nE\nrun end",
            "1|2 3",
            "x|''",
            "end"
        ),
        ScriptCase("printf '%s\\n' a b | while IFS= read -r l; do run $l; done", "a", "b"),
        ScriptCase("while IFS=: read -r a b; do run $b $a; done <<< 'p:q'", "q|p"),
        ScriptCase("f() { run \"$1\" $# \"$@\"; }\nf a 'b c'; f", "a|2|a|b c", "''|0"),
        ScriptCase("function f { local x=$1; run $x; }; x=o; f i; run $x", "i", "o"),
        ScriptCase("f() { return 3; run no; }; f; run $?", "3"),
        ScriptCase(
            "if true; then run a; else run b; fi; if false; then run c; elif [ 1 -gt 0 ]; then run d; fi",
            "a",
            "d"
        ),
        ScriptCase("case abc in x|y) run 1;; a*) run 2;; *) run 3;; esac", "2"),
        ScriptCase("case 5 in [0-4]) run 1;; [!a-z]) run 2 ;& z) run 3;; esac", "2", "3"),
        ScriptCase("true && run a || run b; false && run c || run d; ! false && run e", "a", "d", "e"),
        ScriptCase("refuse x || run y; run z && run w", "x", "y", "z", "w"),
        ScriptCase("set -e\nrefuse a || true\nif refuse b; then :; fi\nrefuse c\nrun d", "a", "b", "c"),
        ScriptCase("run a; exit 0; run b", "a"),
        ScriptCase("(exit 1); run $?; (X=1; run i$X); unset X; run o${X-u}", "1", "i1", "ou"),
        ScriptCase("run \"$(echo a; echo b)\" `echo c d`", "a\nb|c|d"),
        ScriptCase("X=$(printf '%s-%d' a 5); run $X", "a-5"),
        ScriptCase(
            "take <<E\na $((1+1))\n\\$x\nE\ntake <<'E'\n$x\nE\ntake <<-E\n\ta\n\tE",
            " < a 2\n$x\n",
            " < $x\n",
            " < a\n"
        ),
        ScriptCase("cat <<E | take a\nx\nE", "a| < x\n"),
        ScriptCase("echo hi > /tmp/f; cat >> /tmp/f <<E\nyou\nE\ntake < /tmp/f", " < hi\nyou\n"),
        ScriptCase(
            "A=(a 'b c' d); A+=(e); run \"${A[@]}\" ${#A[@]} ${A[1]} \"${A[@]:1:2}\"",
            "a|b c|d|e|4|b|c|b c|d"
        ),
        ScriptCase("A[2]=x; A[0]=y; for i in \"${A[@]}\"; do run $i; done; run ${!A[@]}", "y", "x", "0|2"),
        ScriptCase(
            "declare -A M=([a]=1 [b]=2); M[c]=3; for k in \"${!M[@]}\"; do run $k ${M[$k]}; done",
            "c|3",
            "b|2",
            "a|1"
        ),
        ScriptCase("set -- x y z; run $2 $#; shift; run $1; for a; do run $a; done", "y|3", "y", "y", "z"),
        ScriptCase("[[ abc == a* && ( x != y || 1 -gt 2 ) ]] && run a; [[ -z '' ]] && run b", "a", "b"),
        ScriptCase(
            "(( 3 > 2 )) && run a; ((x = 5, x++)); run $x $((x * 2 - 1)) $((1 ? 2 : 3)) $((0x10))",
            "a",
            "6|11|2|16"
        ),
        ScriptCase("eval \"run a; X=1\"; run $X", "a", "1"),
        ScriptCase("sudo -n run a; command run b; env X=1 run c; exec run d; run e", "a", "b", "c", "d"),
        ScriptCase("{ run a; run b; } >/dev/null 2>&1; run c &", "a", "b", "c"),
        ScriptCase("P=X; X=v; run ${!P}; IFS=,; run ok", "v", "ok"),
        ScriptCase("f() { g \"$@\"; }; g() { run \"$*\"; }; f 1 2", "1 2"),
        ScriptCase(
            "for i in a b; do for j in 1 2; do [ $j = 2 ] && continue 2; run $i$j; done; done",
            "a1",
            "b1"
        ),
        ScriptCase("while true; do run a; break; done; run b", "a", "b"),
        ScriptCase("case x in (x) run a ;; esac; case y in x) ;; esac; run b", "a", "b"),
        ScriptCase("if [ 1 = 1 -a ! 2 = 3 ]; then run a; fi; [ ] || run b; [ x ] && run c", "a", "b", "c"),
        ScriptCase("echo a | { read x; run $x; }", "a"),
        ScriptCase("run a\r\nrun b\r\n", "a", "b"),
        ScriptCase("IFS=$'\\n\\t'; P='22 80'; for p in $P; do run $p; done; T='run a'; $T", "22 80"),
        ScriptCase(
            "IFS=,; A=(a b); set -- c d; run \"${A[*]}\" \"$*\"; X=a::b; IFS=:; run $X",
            "a,b|c,d",
            "a|''|b"
        ),
        ScriptCase("set -e -o pipefail; run a; refuse b | cat > /dev/null; run c", "a", "b"),
        ScriptCase(
            "set -o pipefail; false | true || run a; set +o pipefail; false | true && run b",
            "a",
            "b"
        ),
        ScriptCase(
            "unset U; (set -u; run a $U b); run $?; set -u; run ${U:-d}; run $((U)); run no",
            "1",
            "d"
        ),
        ScriptCase(
            "A=(1 2 3); run \"${A[@]: -1}\" \"${A[@]:1:1}\"; set -- x y z; run \"${@: -1}\"",
            "3|2",
            "z"
        ),
        ScriptCase(
            "[ 010 -eq 10 ] && run ten; [[ 010 -eq 8 ]] && run eight; [ 1+1 -eq 2 ]; run $?",
            "ten",
            "eight",
            "2"
        ),
        ScriptCase(
            "return 0 2>/dev/null; run after $?; f() { return 3; run no; }; f; run $?",
            "after|2",
            "3"
        ),
        ScriptCase(
            "mapfile -t A < <(echo 'a b'; echo c); run \"${A[@]}\"; [[ tcp/22 =~ ^([a-z]+)/(.*)$ ]] && run \"${BASH_REMATCH[@]}\"",
            "a b|c",
            "tcp/22|tcp|22"
        ),
        ScriptCase(
            "set -- -p 22 -v x; while getopts p:v o; do run $o $OPTARG; done; shift $((OPTIND - 1)); run $1",
            "p|22",
            "v",
            "x"
        ),
        ScriptCase(
            "echo a > /tmp/x.$$; take < /tmp/x.$$; T=$(mktemp); echo b > \"$T\"; take < \"$T\"",
            " < a\n",
            " < b\n"
        ),
        ScriptCase(
            "echo 'run \"$@\"; X=2; return 5' > x; X=1; . ./x a b; run $? $X; bash x c; run $X",
            "a|b",
            "5|2",
            "c",
            "2"
        ),
        ScriptCase(
            "select x in a 'b c' d; do run \"$x\" \"$REPLY\"; [ \"$x\" = d ] && break; done 2> /dev/null <<E\n2\n\n7\n3\nE\nrun $?",
            "b c|2",
            "''|7",
            "d|3",
            "0"
        ),
        ScriptCase("select x in a b; do run $x; done <<< 1 2> /dev/null; run $?", "a", "1"),
        ScriptCase(
            "f() { local -n r=$1; run \"$r\" ${!r}; r=new; r+=x; }; v=old; f v; run $v; g() { local -n a=$1; a+=(z); run \"${a[@]}\" ${#a[@]}; }; A=(x 'y w'); g A; run ${#A[@]}",
            "old|v",
            "newx",
            "x|y w|z|3",
            "3"
        ),
        ScriptCase(
            "trap 'run error $?' ERR; refuse a; refuse b || true; f() { refuse in; run ok; }; f; g() { return 3; }; g; set -E; f",
            "a",
            "error|1",
            "b",
            "in",
            "ok",
            "error|3",
            "in",
            "error|1",
            "ok"
        ),
        ScriptCase(
            "shopt -s extglob\nfor w in 22 tcp/53 x; do case $w in +([0-9])) run num $w;; @(tcp|udp)/*) run svc $w;; !(*.*)) run other $w;; esac; done; s='  t m '; s=${s##*( )}; run \"${s%%*( )}\"; [[ a == !(b) ]] && run yes",
            "num|22",
            "svc|tcp/53",
            "other|x",
            "t m",
            "yes"
        ),
    ]

    @Test(arguments: cases)
    func `commands come in order with their words`(script: ScriptCase) {
        let outcomes = RecordingRunner.outcomes(of: script.script)
        #expect(outcomes[0].runner.ran == script.commands)
    }
}
