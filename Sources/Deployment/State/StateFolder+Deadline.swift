import Kernel

/// When the time of a generation is over.
///
/// A confirmation that began in time is not late because others kept it waiting: it says at once that it is at work, by a
/// share in a seat of the generation that it has as long as it lives. Whoever would take the generation back waits for
/// it, and not longer than ``courtesy``: no confirmation that hangs, and no row of them, holds a change for ever.
extension StateFolder {
    /// In seconds. The longest that any tool may run, and half as much.
    static let courtesy: Double = 90

    /// Whether it is time to take a generation back that nobody confirmed.
    func isOver(_ number: Int, deadline: Double) -> Bool {
        let late = BootClock.now.inSeconds - deadline
        guard late >= 0 else { return false }
        return late >= Self.courtesy || Seat.confirming(number, in: self)?.isShared != true
    }
}

extension Seat {
    /// In the folder of the generation.
    static let confirmationFile = "confirming"

    static func confirming(_ number: Int, in folder: StateFolder) -> Seat? {
        Seat("\(StateFolder.folder(number))/\(confirmationFile)", in: folder)
    }
}
