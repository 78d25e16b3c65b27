import FoundationEssentials

/// Finishes what was left behind by a process that was killed or a machine that was restarted.
package enum Recovery {
    /// What had to be done.
    package enum Finding: Sendable {
        /// A generation was taken back now; the reason is a clause.
        case takenBack(Int, String)
        /// It was gone already, with the boot or the namespace that it belonged to.
        case discarded(Int, String)
    }

    /// Nothing is left to do when it returns, or a generation waits, guarded, in its time. The caller holds the lock.
    package static func perform(
        in folder: StateFolder,
        host: HostIdentity,
        guards: GuardLauncher,
        holding lock: ChangeLock
    ) async throws -> [Finding] {
        var findings: [Finding] = []
        while let number = try folder.undecided() {
            let generation: Generation
            do {
                generation = try folder.generation(number)
            } catch {
                // A guard that lives has all that it needs in memory.
                guard !guards.isRunning(for: number) else { throw error }
                findings.append(try await abandon(number, error, in: folder, host: host, holding: lock))
                continue
            }
            if generation.host != host {
                // A guard that lives knows better than what is seen of processes from here.
                if guards.isRunning(for: number) { throw elsewhere(generation, host) }
                findings.append(try discard(generation, in: folder, host: host))
                continue
            }
            guard let reason = reason(against: number, in: folder, guards) else {
                if !guards.isRunning(for: number) { try await guards.start(for: generation) }
                return findings
            }
            let result = try await folder.takeBack(number).perform(reason, by: nil, holding: lock)
            findings.append(.takenBack(number, ([reason] + result.doubts).joined(separator: "; ")))
        }
        return findings
    }

    private static func elsewhere(_ generation: Generation, _ host: HostIdentity) -> ChangeError {
        .refused(
            "generation \(generation.number) waits in another network namespace (\(generation.host.namespace)) than this "
                + "one (\(host.namespace))\ndo: decide it there, or name another state folder with --state"
        )
    }

    /// Why a generation of this host must go; nil while it may wait.
    private static func reason(
        against number: Int,
        in folder: StateFolder,
        _ guards: GuardLauncher
    ) -> String? {
        if folder.outcome(number) == .rollingBack { return "taking it back was interrupted" }
        do {
            guard let commitment = try folder.commitment(number) else { return "the apply was interrupted" }
            return folder.isOver(number, deadline: commitment.deadline) ? "nobody confirmed it in time" : nil
        } catch {
            // Its guard has the time in memory; without one nobody knows it.
            return guards.isRunning(for: number) ? nil : "\(error)"
        }
    }

    /// What belongs to another boot or namespace is never rolled back into this one.
    private static func discard(
        _ generation: Generation,
        in folder: StateFolder,
        host: HostIdentity
    ) throws -> Finding {
        let number = generation.number
        let reason: String
        if generation.host.boot != host.boot {
            reason = "the machine was restarted before it was confirmed"
        } else if try generation.host.namespacePath() == nil {
            reason = "its network namespace ended before it was confirmed"
        } else {
            throw elsewhere(generation, host)
        }
        if folder.outcome(number) == .pending { _ = try folder.decide(number, from: .pending, .rollingBack) }
        _ = try folder.decide(number, from: .rollingBack, .rolledBack)
        try folder.explain(number, Decision(time: .now, author: nil, reason: reason))
        return .discarded(number, reason)
    }
}

extension Duration {
    /// For the state on disk.
    package var inSeconds: Double { self / .seconds(1) }
}
