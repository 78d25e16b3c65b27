import FoundationEssentials
import Kernel

/// Takes a generation back: what was of ours in the kernel before it comes back.
struct TakeBack {
    let folder: StateFolder
    let number: Int
    /// What was there before the generation.
    let before: ChangedRules
    /// What the kernel listed then.
    let digestBefore: String

    /// Decides, unless it is decided, and brings the old firewall back; returns what became of the generation, which
    /// is another outcome than `rolledBack` when somebody had confirmed it before. The caller holds the lock; without one
    /// only where the state is gone.
    @discardableResult
    func perform(_ reason: String, by author: Author?, holding lock: ChangeLock?) async throws
        -> Generation.Outcome
    {
        // Where the disk does not answer, or the state is gone, what is in memory still is a way back.
        var diskError: (any Error)?
        do {
            if try !folder.decide(number, from: .pending, .rollingBack) {
                switch folder.outcome(number) {
                case .confirmed: return .confirmed
                case .rolledBack: return .rolledBack
                case .pending, .rollingBack, nil: break
                }
            }
        } catch {
            if folder.outcome(number) == .confirmed { return .confirmed }
            diskError = error
        }
        try await bringBack(holding: lock)
        if let diskError { throw diskError }
        _ = try folder.decide(number, from: .rollingBack, .rolledBack)
        do {
            try folder.explain(number, Decision(time: .now, author: author, reason: reason))
        } catch {
            // The firewall is back and the outcome is on the disk; a full disk keeps only the reason out.
        }
        return .rolledBack
    }

    /// Decides, and brings the old firewall back, for one who waits for the lock in vain: it stays on the disk that the
    /// end is not reached, for whoever has the lock may still change the kernel.
    func performUnlocked() async throws {
        do {
            _ = try folder.decide(number, from: .pending, .rollingBack)
        } catch {
            if folder.outcome(number) == .confirmed { return }
        }
        guard folder.outcome(number) != .confirmed else { return }
        try await bringBack(holding: nil)
    }

    private func bringBack(holding lock: ChangeLock?) async throws {
        // Where nothing was committed, counters and limits go on as they are.
        if try await before.liveListing().digest == digestBefore { return }
        try await before.install(holding: lock?.descriptor)
        guard try await before.liveListing(expecting: digestBefore).digest == digestBefore else {
            throw ChangeError.failed("the kernel does not hold what it held before generation \(number)")
        }
    }
}

extension StateFolder {
    /// Takes a generation back now; returns what became of it. The caller holds the lock.
    package func takeBack(
        _ number: Int,
        by author: Author,
        reason: String,
        holding lock: ChangeLock
    ) async throws -> Generation.Outcome {
        try await takeBack(number).perform(reason, by: author, holding: lock)
    }

    func takeBack(_ number: Int) throws -> TakeBack {
        TakeBack(
            folder: self,
            number: number,
            before: try rules(number, .before),
            digestBefore: try generation(number).digestBefore
        )
    }
}
