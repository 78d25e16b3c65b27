import Diagnostics
import Testing

@testable import Shell

/// What a script leaves open becomes assumptions, and each combination an outcome.
@Suite struct ShellOutcomeTests {
    struct OpenCase: CustomTestStringConvertible {
        var script: String
        /// For each outcome what is assumed, and the commands.
        var outcomes: [String]

        init(_ script: String, _ outcomes: String...) {
            self.script = script
            self.outcomes = outcomes
        }

        var testDescription: String { script }
    }

    @Test(arguments: [
        OpenCase("if [ -f /etc/x ]; then run a; else run b; fi", "-f /etc/x: a", "not: -f /etc/x: b"),
        OpenCase("[ ! -x /sbin/x ] && exit 0; run a", "-x /sbin/x: a", "not: -x /sbin/x: "),
        OpenCase("[ -z \"$1\" ] && exit 1; run $1", "-n $1: $1", "not: -n $1: "),
        OpenCase("[ $# -eq 0 ] && exit 1; run a", "$# -gt 0: a", "not: $# -gt 0: "),
        OpenCase("[ $# -lt 2 ] && exit 1; run a", "$# -ge 2: a", "not: $# -ge 2: "),
        OpenCase("[ \"$(id -u)\" != 0 ] && exit 1; (( EUID )) && exit 1; run $UID", ": 0"),
        OpenCase(
            "case $1 in start) run a $1;; stop) run b;; esac; [ \"$1\" = stop ] && run c",
            "$1 is start: a|start",
            "not: $1 is start, $1 is stop: b c",
            "not: $1 is start, not: $1 is stop: "
        ),
        OpenCase("A=$1; case x$A in xstart) run $A;; esac", "$1 is start: start", "not: $1 is start: "),
        OpenCase(
            "run ${PORT:-22}; run $PORT.",
            "$PORT is not set: 22 .",
            "not: $PORT is not set: $PORT $PORT."
        ),
        OpenCase("program || exit 1; run a", "`program` succeeds: a", "not: `program` succeeds: "),
        OpenCase("program || true; run $(program x) b", ": $(program x)|b"),
        OpenCase("set -e; program; run a", "`program` succeeds: a", "not: `program` succeeds: "),
        OpenCase(
            "for i in $(program); do run $i; done",
            "there is something in $(program): $i",
            "not: there is something in $(program): "
        ),
        OpenCase(
            "while read a; do run $a; done < /etc/list",
            "there is a line in /etc/list: $a",
            "not: there is a line in /etc/list: "
        ),
        OpenCase(
            "while program; do run a; done; run b",
            "`program` succeeds: a b",
            "not: `program` succeeds: b"
        ),
        OpenCase(
            "command -v run && run a; command -v run || run b",
            "command -v run: a",
            "not: command -v run: b"
        ),
        OpenCase("X=$(which run); $X a", ": a"),
        OpenCase("run $HOME/x ${#HOME} ${HOME%/*}", ": $HOME/x|${#HOME}|${HOME%/*}"),
        OpenCase("run $((N + 1)); N=$(program); run $((N + 1))", ": $((N + 1)) $((N + 1))"),
        OpenCase("[ a$1 = b ] && run a; [ \"$1\" = \"$1\" ] && run b", ": b"),
        OpenCase("trap 'run end' EXIT; sh -c 'run $0 $1' a b; exit 3; run no", ": a|b end"),
        OpenCase(". /etc/default/x; run $PORT", ": $PORT"),
        // What a command between may have changed is asked again.
        OpenCase(
            "[ -f /tmp/a ] || fetch /tmp/a; [ -f /tmp/a ] || exit 1; run a",
            "-f /tmp/a: a",
            "not: -f /tmp/a, -f /tmp/a, asked again: a",
            "not: -f /tmp/a, not: -f /tmp/a, asked again: "
        ),
        OpenCase("[ -f /a ] || run b; other /c; [ -f /a ] && run a", "-f /a: a", "not: -f /a: b"),
        OpenCase(
            "[ -e /run/x ] && run old; echo > /run/x; [ -e /run/x ] && run new",
            "-e /run/x: old new",
            "not: -e /run/x: new"
        ),
        OpenCase("rm -f /run/x; [ -e /run/x ] && run no; touch /run/x; [ -e /run/x ] && run yes", ": yes"),
        OpenCase("set -u; run $PORT", "$PORT is set: $PORT", "not: $PORT is set: "),
        OpenCase(
            "[ \"$1\" = start ] && service start; [ \"$1\" = start ] && run a",
            "$1 is start: a",
            "not: $1 is start: "
        ),
        OpenCase("T=$(date); [ \"$T\" = \"$T\" ] && run same", ": same"),
        OpenCase(
            "set -o pipefail; program | cat && run a",
            "`program` succeeds: a",
            "not: `program` succeeds: "
        ),
        OpenCase(
            "mapfile -t A < /etc/list; for i in \"${A[@]}\"; do run $i; done",
            "there is something in ${A[@]}: $i",
            "not: there is something in ${A[@]}: "
        ),
        OpenCase("getopts p: o; case $o in p) run $OPTARG;; esac", "$o is p: $OPTARG", "not: $o is p: "),
    ])
    func `what is open is assumed both ways`(open: OpenCase) {
        let outcomes = RecordingRunner.outcomes(of: open.script).map { outcome in
            outcome.assumptions.map(\.text).joined(separator: ", ") + ": "
                + outcome.runner.ran.joined(separator: " ")
        }
        #expect(outcomes == open.outcomes)
    }

    @Test func `of many questions each answer is in an outcome, as far as the limits reach`() {
        let script = (0..<20).map { "[ -f /etc/\($0) ] && run a\($0) || run b\($0)\n" }.joined()
        let source = SourceFile(name: "script", text: script)
        let (outcomes, isComplete) = ShellScript(source).outcomes { RecordingRunner() }
        #expect(!isComplete)
        #expect(outcomes.count == 64)
        let all = Set(outcomes.flatMap(\.runner.ran))
        for number in 0..<20 { #expect(all.contains("a\(number)") && all.contains("b\(number)")) }
    }

    @Test(arguments: [
        ("f() { f; }; f", "limit.depth"),
        ("while true; do run a; done", "limit.commands"),
        ("while :; do :; done", "limit.commands"),
        ("x=a; while true; do x=$x$x; done", "limit.text"),
        ("for i in {1..99999}; do for j in {1..99999}; do :; done; done", "limit.commands"),
        ("run a\nrun {1..2000000}", "limit.braces"),
        (
            "run a\nrun {{{{{{{{{{{{{{{{{{a,b},c},d},e},f},g},h},i},j},k},l},m},n},o},p},q},r},s}",
            "limit.braces"
        ),
        ("run a\nrun b; if true; then", "syntax"),
        ("run a\nrun 'b", "syntax.open"),
        ("run a\nfi", "syntax"),
        ("run a\nrun $(", "syntax"),
    ])
    func `limits and errors are told, and what stands before is kept`(script: String, code: String) {
        let source = SourceFile(name: "script", text: script)
        let read = ShellScript(source)
        var limits = ShellScript.Limits()
        limits.commands = 20_000
        let outcomes = read.outcomes(limits: limits) { RecordingRunner() }.outcomes
        let codes = outcomes[0].notes.map(\.error.code) + (read.error.map { [$0.code] } ?? [])
        #expect(codes == [code])
        if script.hasPrefix("run a") { #expect(outcomes[0].runner.ran == ["a"]) }
    }

    @Test func `commands that nobody knows are handed on with their words`() {
        let outcome = RecordingRunner.outcomes(
            of: "modprobe x; $TOOL a\necho 1 > /proc/sys/a; program | other $X"
        )[0]
        #expect(outcome.runner.passed == ["modprobe x", "$TOOL a", "program", "other $X"])
        #expect(outcome.runner.written == ["/proc/sys/a: 1\n"])
    }
}
