import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import Shell

/// Whatever the text, it is read and followed to an end.
///
/// `WALLWRIGHT_FUZZ` is for how many seconds more than the usual scripts are tried.
@Suite struct MutatedScriptTests {
    static let seeds = [
        "for i in {1..3} $(seq 2); do run \"$i\" ${x:-y} `echo a`; done <<E\n$((1+2)) $x\nE\n",
        "case \"$1\" in a|b*) run ${A[@]} ;; *) exit 1 ;; esac; f() { local x=(1 2); return $#; }; f a b",
        "while read -r a b; do [[ $a == x* && ! ( -z $b ) ]] || continue; run <<< \"$a\"; done < <(x) 2>&1",
        "if [ ! -f /x -a \"$(id -u)\" -eq 0 ]; then (( x += 1 )); else { run; } | cat > /tmp/x; fi; set -e; eval \"$y\"",
    ]

    static let pieces = [
        "$(", "`", "((", "))", "{", "}", "${", "'", "\"", "\\", "<<E\n", "\nE\n", ";;", "|", "&&", "if ",
        "then ", "fi",
        "do ", "done", "case x in ", "esac", "[[ ", " ]]", "$((", "{1..9}", "{a,b}", "function f ", "f()",
        "\n", "$1", "*",
        "[", "]", "\u{0}", "\u{FF}", "while true; do ", "f; ", "${x//", "${!", "${#", "<(", "=(", "x[",
        "-9223372036854775808",
        "/-1", "%0", "<<99", "printf %s ", "read x;", "shift 99;", "break 9;", "exit $((1/0));",
    ]

    @Test func `a damaged script is followed to an end`() {
        let seconds = ProcessInfo.processInfo.environment["WALLWRIGHT_FUZZ"].flatMap(Double.init)
        let end = seconds.map { ContinuousClock.now + .seconds($0) }
        var number = 0
        while end.map({ ContinuousClock.now < $0 }) ?? (number < 200) {
            number += 1
            follow(number)
        }
        print("fuzz of scripts: \(number)")
    }

    private func follow(_ seed: Int) {
        var random = SplitMix64(state: UInt64(seed))
        var bytes = Array(Self.seeds[seed % Self.seeds.count].utf8)
        bytes.damage(
            Int.random(in: 1...12, using: &random),
            with: Self.pieces + Self.seeds,
            using: &random
        )
        var limits = ShellScript.Limits()
        limits.commands = 2_000
        limits.allCommands = 20_000
        limits.text = 1 << 16
        let source = SourceFile(name: "script", bytes: bytes)
        let (outcomes, _) = ShellScript(source).outcomes(limits: limits) { RecordingRunner() }
        #expect(!outcomes.isEmpty, "script \(seed)")
    }

    @Test(arguments: [
        "(", "((", "$((", "$(", "`", "{ ", "if ", "[[ (", "${a:-", "\"$(", "case x in (", "f() ", "{{,", "! ",
        "$((-",
    ])
    func `what is opened again and again comes to an end`(piece: String) {
        let source = SourceFile(name: "script", text: String(repeating: piece, count: 20_000))
        let (outcomes, _) = ShellScript(source).outcomes { RecordingRunner() }
        #expect(outcomes.count == 1)
    }
}
