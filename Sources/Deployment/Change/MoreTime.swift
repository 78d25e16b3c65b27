import FoundationEssentials
import Kernel

/// More time for the change that waits. Anybody may ask for it, from an old session too: it only puts off the way back,
/// and not for long.
package struct MoreTime: Sendable {
    /// How much later the deadline is to be.
    package var span: Duration
    /// When the person asked, in time since boot.
    package var began: Duration

    /// No change waits longer, from now on.
    private static let longest = Duration.seconds(86_400)

    package init(_ span: Duration, began: Duration = BootClock.now) {
        (self.span, self.began) = (span, began)
    }

    /// Moves the deadline, and returns the generation and its new deadline. The caller holds the lock.
    package func perform(in folder: StateFolder, host: HostIdentity) throws -> (Generation, Commitment) {
        guard let number = try folder.undecided(), folder.outcome(number) == .pending else {
            throw ChangeError.refused("nothing waits to be confirmed, so there is no time to extend")
        }
        let (generation, committed) = try folder.committed(number, on: host)
        var commitment = committed
        guard began.inSeconds < commitment.deadline else { throw Self.tooLate(number) }
        commitment.deadline += span.inSeconds
        guard commitment.deadline <= (BootClock.now + Self.longest).inSeconds else {
            throw ChangeError.refused(
                "no change waits longer than 24 hours; generation \(number) has "
                    + "\(Int(commitment.deadline - span.inSeconds - BootClock.now.inSeconds)) s left"
            )
        }
        try folder.commit(number, commitment)
        // Its guard may have lost patience with the lock meanwhile.
        guard folder.outcome(number) == .pending else { throw Self.tooLate(number) }
        return (generation, commitment)
    }

    private static func tooLate(_ number: Int) -> ChangeError {
        .refused(
            "too late: the time of generation \(number) is over, and the firewall from before comes back"
        )
    }
}
