import Compiler
import Kernel
import Testing

@testable import Deployment

extension FaultStep {
    var isBoot: Bool { kind == .boot || kind == .bootOverWaiting }

    /// How the host stands after the step, which had `result` and nil when it did not end, and whether it goes on.
    func judge(
        _ host: FaultHost,
        _ digests: FaultStates.Digests,
        after result: CommandResult?,
        from before: [String: String]?
    ) async throws -> FaultVerdict {
        let isDone = result?.status == 0
        var verdict = try await FaultVerdict(
            of: host,
            digests,
            failedBoot: isBoot && !isDone ? result : nil
        )
        if isDone { expectDone(&verdict) }
        if let way { try await verdict.look(at: way, of: host, from: before ?? [:], self) }
        if isBoot {
            let again = try await host.run("boot")
            verdict.expect(again.status == 0, "boot again: \(again)")
            let (live, wanted) = (verdict.firewall(try await host.host.digest()), verdict.atBoot)
            verdict.expect(live == wanted, "\(live) is live after another boot")
        }
        try await verdict.tryNextCommands(on: host, backend)
        return verdict
    }

    /// A command that ends well has done what it was asked for.
    private func expectDone(_ verdict: inout FaultVerdict) {
        let (live, atBoot): (FaultVerdict.Firewall, FaultVerdict.Firewall) =
            switch kind {
            case .apply: (.new, .old)
            case .confirm, .boot: (.new, .new)
            case .rollback, .deadline, .enable, .disable, .bootOverWaiting: (.old, .old)
            case .rollbackTo: (.old, .new)
            }
        let (found, later) = (verdict.live, verdict.atBoot)
        verdict.expect(found == live, "it ended well, but \(found) is live")
        verdict.expect(later == atBoot, "it ended well, but the next boot loads \(later)")
    }
}
