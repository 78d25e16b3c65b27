import Compiler
import Diagnostics
import Kernel
import PacketModel
import Trial

/// The results of a trial, expected beside observed.
struct TrialTable {
    private let results: [TrialResult]
    private let backend: BackendKind
    private let policy: String
    private let quiet: Bool

    init(_ results: [TrialResult], _ backend: BackendKind, _ policy: String, quiet: Bool) {
        self.results = results
        self.backend = backend
        self.policy = policy
        self.quiet = quiet
    }

    private var terminal: Terminal { .output }

    var text: Sentence {
        let shown = quiet ? results.filter { !$0.agrees } : results
        let sentWidth = shown.map(\.trialCase.sent.count).max() ?? 0
        let expectedWidth = max(8, shown.map { "\($0.trialCase.expectation)".count }.max() ?? 0)
        let observedWidth = max(8, shown.map(\.observed.count).max() ?? 0)
        var text = terminal.paint("\(policy) on \(backend.rawValue)", .strong) + "\n"
        if !shown.isEmpty {
            text += "  \("".padded(to: sentWidth + 6))  \("expected".padded(to: expectedWidth))  observed\n"
        }
        var title = ""
        for result in shown {
            if result.trialCase.title != title {
                title = result.trialCase.title
                text += "\(title)\n"
            }
            let family = result.trialCase.family == .ipv4 ? "IPv4" : "IPv6"
            let row: Sentence =
                "  \(family)  \(result.trialCase.sent.padded(to: sentWidth))  "
                + "\("\(result.trialCase.expectation)".padded(to: expectedWidth))  "
                + "\(result.observed.padded(to: observedWidth))"
            text +=
                row + "  " + (result.agrees ? terminal.paint("ok", .good) : terminal.paint("DIFFERS", .bad))
                + "\n"
        }
        return text + summary + "\n"
    }

    /// The keys are stable.
    var json: JSONValue {
        .object([
            .init("policy", .string(policy)),
            .init("backend", .string(backend.rawValue)),
            .init("tried", .integer(results.count)),
            .init("differences", .integer(results.count { !$0.agrees })),
            .init("cases", .array((quiet ? results.filter { !$0.agrees } : results).map(Self.json))),
        ])
    }

    private static func json(_ result: TrialResult) -> JSONValue {
        [
            "title": .string(result.trialCase.title), "family": .string(result.trialCase.family.rawValue),
            "sent": .string(result.trialCase.sent), "expected": .string("\(result.trialCase.expectation)"),
            "observed": .string(result.observed), "agrees": .boolean(result.agrees),
        ]
    }

    private var summary: Sentence {
        let differences = results.count { !$0.agrees }
        let said: Sentence = "\(policy) on \(backend.rawValue): \(results.count) tried, "
        return differences == 0
            ? terminal.paint(said + "all as expected", .good) + "\n"
            : terminal.paint(said + "\(differences) otherwise than expected", .bad) + "\n"
    }
}
