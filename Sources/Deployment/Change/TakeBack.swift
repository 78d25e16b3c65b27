import FoundationEssentials
import Kernel

/// Takes a generation back: what was of ours in the kernel before it comes back.
struct TakeBack {
    let folder: StateFolder
    let number: Int
    /// What was there before the generation.
    let before: Firewall
    /// What the kernel listed then.
    let digestBefore: String

    /// Decides, unless it is decided, and brings the old firewall back; returns what became of the generation, which
    /// is another outcome than `rolledBack` when somebody had confirmed it before. The caller holds the lock, or has
    /// waited for it in vain.
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

    /// As ``perform(_:by:holding:)``, for whoever committed, and has held the lock since before: a guard that lost patience
    /// may have decided, and looked into the kernel, before the rules came there.
    func undo(_ reason: String, by author: Author, holding lock: ChangeLock) async throws {
        guard try await perform(reason, by: author, holding: lock) == .rolledBack else { return }
        try await bringBack(holding: lock)
    }

    private func bringBack(holding lock: ChangeLock?) async throws {
        let host = HostFirewall(holding: lock?.descriptor)
        // Where nothing was committed, counters and limits go on as they are.
        if try await host.listing().digest == digestBefore { return }
        try await host.install(before)
        guard try await host.listing(expecting: digestBefore).digest == digestBefore else {
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
            before: try firewall(number, .before),
            digestBefore: try generation(number).digestBefore
        )
    }
}
