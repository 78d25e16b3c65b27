import Kernel

/// Which generation counts.
extension HostStatus {
    /// What nobody can confirm any more: its committer left it before it had a guard, or it waited in another boot.
    static func interrupted(in folder: StateFolder) throws -> Int? {
        guard let number = try folder.undecided(), folder.outcome(number) == .pending,
            Seat.guarding(number, in: folder)?.isTaken != true
        else { return nil }
        if try folder.generation(number).host.boot != HostIdentity.current().boot { return number }
        return try folder.commitment(number) == nil && !ChangeLock.isHeld(in: folder) ? number : nil
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
