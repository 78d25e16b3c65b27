import ArgumentParser
import Compiler
import Diagnostics
import Glibc
import Kernel
import Policy
import Trial

extension BackendKind: ExpressibleByArgument {}

/// `wallwright try [POLICY]`
struct TryCommand: AsyncParsableCommand, JSONCommand {
    static let configuration = CommandConfiguration(
        commandName: "try",
        abstract: "Try a policy on the real kernel, with packets, in namespaces of its own.",
        discussion: """
            Makes an inside and an outside, loads the policy inside and sends packets: for every line some that \
            must pass and some that must not. Needs root; the firewall of this host is not touched.

            Example: sudo wallwright try --backend all Examples/guide.yaml
            """
    )

    enum Choice: String, CaseIterable, ExpressibleByArgument {
        case auto
        case nftables
        case iptables
        case iptablesNft = "iptables-nft"
        case iptablesLegacy = "iptables-legacy"
        case all
    }

    @OptionGroup var argument: PolicyArgument

    @Option(help: "Which firewall to try it as.")
    var backend = Choice.auto

    @Flag(help: "Leave the namespaces, and say how to enter them.")
    var keep = false

    @Flag(help: "Print differences only.")
    var quiet = false

    var json: Bool { argument.json }

    func run() async throws {
        let policy = try await argument.load(askingHost: false)
        guard geteuid() == 0 else {
            throw Failure(
                .notPermitted,
                "only root may make network namespaces\ndo: sudo \(CommandWords.own)"
            )
        }
        let plan = TrialPlan(policy)
        let progress = TrialProgress()
        var differences = 0
        var runs: [JSONValue] = []
        do {
            progress.say("looking at what this system has")
            let available = try await progress.during { try await BackendAvailability.detect() }
            let backends = try backends(policy, available)
            for backend in backends {
                let usesIpset = available.ipset == nil
                let (run, results) = try await progress.during {
                    try await Self.run(plan, backend, usesIpset: usesIpset, progress)
                }
                differences += results.count { !$0.agrees }
                let table = TrialTable(results, backend, argument.policy, quiet: quiet)
                if json { runs.append(table.json) } else { Terminal.output.write(table.text) }
                if keep { try keep(run, backend) }
            }
        } catch let diagnostic as Diagnostic {
            throw argument.refusal([diagnostic])
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.systemFailed, Sentence(said: "\(error)"))
        }
        if json { Terminal.output.answer(["runs": .array(runs)]) }
        guard differences == 0 else { throw Failure(.refused, answer: .given) }
    }

    private static func run(
        _ plan: TrialPlan,
        _ backend: BackendKind,
        usesIpset: Bool,
        _ progress: TrialProgress
    ) async throws -> (TrialRun, [TrialResult]) {
        progress.say("\(backend.rawValue): making a host and its neighbours")
        let run = try await TrialRun.prepare(plan)
        progress.say("\(backend.rawValue): loading the rules")
        try await run.commit(backend, usesIpset: usesIpset)
        let results = try await run.run { done in
            progress.say("\(backend.rawValue): \(done) of \(plan.cases.count) tried")
        }
        return (run, results)
    }

    private func backends(_ policy: Policy, _ available: BackendAvailability) throws(Failure)
        -> [BackendKind]
    {
        let wanted: [BackendKind] =
            switch backend {
            case .nftables: [.nftables]
            case .iptablesNft: [.iptablesNft]
            case .iptablesLegacy: [.iptablesLegacy]
            case .iptables: [available.isUsable(.nft) ? .iptablesNft : .iptablesLegacy]
            case .all: BackendKind.allCases
            case .auto:
                [
                    BackendKind.inOrder.first { $0.suits(policy) && available.reason(against: $0) == nil }
                        ?? .nftables
                ]
            }
        for backend in wanted {
            if let reason = available.reason(against: backend) {
                throw Failure(.systemFailed, "\(backend.rawValue) cannot be used here: \(reason)")
            }
        }
        return wanted
    }

    /// Names what the trial left, one name for each side.
    private func keep(_ run: TrialRun, _ backend: BackendKind) throws {
        let name = "wallwright-\(getpid())-\(backend.rawValue)"
        try run.network.inside.keep(as: "\(name)-inside")
        try run.network.outside.keep(as: "\(name)-outside")
        // A program gets its document, and people this.
        (json ? Terminal.error : Terminal.output).write(
            """
            kept: enter with    ip netns exec \(name)-inside bash
                  take away     ip netns del \(name)-inside; ip netns del \(name)-outside


            """
        )
    }
}
