import Kernel

/// Which generation counts.
extension HostStatus {
    /// What its committer left before it had a guard.
    static func interrupted(in folder: StateFolder) throws -> Int? {
        guard let number = try folder.undecided(), folder.outcome(number) == .pending,
            try folder.commitment(number) == nil, !ChangeLock.isHeld(in: folder),
            Seat.guarding(number, in: folder)?.isTaken != true
        else { return nil }
        return number
    }

    static func standing(_ number: Int?, in folder: StateFolder) throws -> Standing? {
        guard let number, let outcome = folder.outcome(number) else { return nil }
        let commitment = try folder.commitment(number)
        let isPending = outcome == .pending
        return Standing(
            generation: try folder.generation(number),
            outcome: outcome,
            placement: try folder.placement(number),
            decision: try folder.decision(number),
            secondsLeft: isPending
                ? commitment.map { max(0, Int($0.deadline - BootClock.now.inSeconds)) } : nil,
            isGuarded: Seat.guarding(number, in: folder)?.isTaken ?? false
        )
    }
}
