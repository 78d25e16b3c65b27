import FoundationEssentials
import Kernel

/// Takes a generation back: what was of ours in the kernel before it comes back.
///
/// It comes from memory, and it comes first: no listing decides whether it comes, for what others do to the kernel or to
/// the tools can make any listing fail, grow, or never end. What stands is looked at afterwards, and what is seen then, or
/// cannot be seen, is said.
struct TakeBack {
    let folder: StateFolder
    let number: Int
    /// What was there before the generation.
    let before: ChangedRules
    /// What the generation puts there; nil where its files are damaged.
    let after: ChangedRules?
    /// What the kernel listed before.
    let digestBefore: String

    /// What became of the generation.
    struct Result {
        /// Another than `rolledBack` when somebody had confirmed it before.
        let outcome: Generation.Outcome
        /// What of the firewall from before could not be seen, or is not as it was; in sentences.
        var doubts: [String] = []
    }

    /// How long the looks afterwards may take, each.
    private static let patience = Duration.seconds(20)

    /// Decides, unless it is decided, and brings the old firewall back. The caller holds the lock; without one only where
    /// the state is gone.
    @discardableResult
    func perform(_ reason: String, by author: Author?, holding lock: ChangeLock?) async throws -> Result {
        // Where the disk does not answer, or the state is gone, what is in memory still is a way back.
        var diskError: (any Error)?
        do {
            if try !folder.decide(number, from: .pending, .rollingBack) {
                switch folder.outcome(number) {
                case .confirmed: return Result(outcome: .confirmed)
                case .rolledBack: return Result(outcome: .rolledBack)
                case .pending, .rollingBack, nil: break
                }
            }
        } catch {
            if folder.outcome(number) == .confirmed { return Result(outcome: .confirmed) }
            diskError = error
        }
        // Where nothing was committed, counters and limits go on as they are.
        let isUntouched = folder.isUntouched(number)
        if !isUntouched { try await before.bringBack(over: after, holding: lock?.descriptor) }
        let doubts = isUntouched ? [] : await settle(holding: lock)
        if let diskError { throw diskError }
        _ = try folder.decide(number, from: .rollingBack, .rolledBack)
        do {
            let words = ([reason] + doubts).joined(separator: "; ")
            try folder.explain(number, Decision(time: .now, author: author, reason: words))
        } catch {
            // The firewall is back and the outcome is on the disk; a full disk keeps only the reason out.
        }
        return Result(outcome: .rolledBack, doubts: doubts)
    }

    /// Decides, and brings the old firewall back, for one who waits for the lock in vain: it stays on the disk that the
    /// end is not reached, for whoever has the lock may still change the kernel.
    func performUnlocked() async throws {
        do {
            _ = try folder.decide(number, from: .pending, .rollingBack)
        } catch {
            if folder.outcome(number) == .confirmed { return }
        }
        guard folder.outcome(number) != .confirmed, !folder.isUntouched(number) else { return }
        try await before.bringBack(over: after, holding: nil)
    }

    /// Takes away what the way back left, and looks at what stands; returns what is in doubt, in sentences.
    func settle(holding lock: ChangeLock?, within patience: Duration = patience) async -> [String] {
        let (before, digest) = (before, digestBefore)
        let descriptor = lock?.descriptor
        var doubts: [String] = []
        let tidy = { try await Bounded.work(patience) { try await before.tidy(holding: descriptor) } }
        do {
            // What fails once, for others are at work or memory is short, mostly works the next time.
            do { try await tidy() } catch { try await tidy() }
        } catch {
            doubts.append("what generation \(number) left could not be taken away: \(error)")
        }
        do {
            let live = try await Bounded.work(patience) {
                try await before.liveListing(expecting: digest).digest
            }
            if live != digest {
                doubts.append("the kernel does not hold what it held before generation \(number)")
            }
        } catch {
            doubts.append("what the kernel holds could not be seen: \(error)")
        }
        return doubts
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
        try await takeBack(number).perform(reason, by: author, holding: lock).outcome
    }

    func takeBack(_ number: Int) throws -> TakeBack {
        let before = try rules(number, .before)
        var after: ChangedRules?
        // What it brought is only needed to take it away the quicker.
        do { after = try rules(number, .after) } catch {}
        return TakeBack(
            folder: self,
            number: number,
            before: before,
            after: after,
            digestBefore: try generation(number).digestBefore
        )
    }
}
