import FoundationEssentials
import Kernel

extension Recovery {
    /// Takes back what waits when its record is lost and nobody guards it: otherwise no command would ever go on, and what
    /// nobody confirmed would stay.
    ///
    /// What was there before it comes back as its file has it. Nothing says any more in which boot or namespace that was:
    /// where nothing of ours is live, nothing is brought.
    static func abandon(
        _ number: Int,
        _ problem: any Error,
        in folder: StateFolder,
        host: HostIdentity,
        holding lock: ChangeLock
    ) async throws -> Finding {
        let last = try folder.confirmed().flatMap { try folder.placement($0) }
        guard last.map({ $0.host.namespace == host.namespace }) ?? true,
            case .ours(let before) = try folder.uncheckedRules(number, .before)
        else { throw problem }
        var words = ["\(problem)"]
        if !folder.isUntouched(number), try await !HostFirewall().backends().isEmpty {
            let rules = ChangedRules.ours(before)
            try await rules.bringBack(over: nil, holding: lock.descriptor)
            do { try await rules.tidy(holding: lock.descriptor) } catch {
                words.append("what it left could not be taken away: \(error)")
            }
        }
        _ = try folder.decide(number, from: .pending, .rollingBack)
        _ = try folder.decide(number, from: .rollingBack, .rolledBack)
        let reason = words.joined(separator: "; ")
        try folder.explain(number, Decision(time: .now, author: nil, reason: reason))
        return .takenBack(number, reason)
    }
}
