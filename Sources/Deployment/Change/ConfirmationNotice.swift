import Kernel

/// Says that a confirmation is at work which began in time; given as soon as it is known what is confirmed, before
/// anything that takes time.
package struct ConfirmationNotice: Sendable {
    private let seat: Seat
    /// How long the confirmation may wait for others: nobody takes the generation back before.
    package let patience: Duration

    /// Nil where nothing waits, the code is not its code, or the confirmation began too late: who confirms hears why.
    ///
    /// - Parameter began: when the person asked, in time since boot
    package init?(ticket: String?, began: Duration, in folder: StateFolder) {
        guard let ticket else { return nil }
        self.init(began, in: folder) { $0.isMeant(by: ticket) }
    }

    /// The same for who asks for more time, and needs no code.
    package init?(extending began: Duration, state path: String) {
        do {
            guard let folder = try StateFolder.existing(at: path) else { return nil }
            self.init(began, in: folder) { _ in true }
        } catch {
            return nil
        }
    }

    private init?(_ began: Duration, in folder: StateFolder, isMeant: (Generation) -> Bool) {
        do {
            guard let number = try folder.undecided(), folder.outcome(number) == .pending,
                isMeant(try folder.generation(number)),
                let deadline = try folder.commitment(number)?.deadline, began.inSeconds < deadline,
                let seat = Seat.confirming(number, in: folder), seat.share()
            else { return nil }
            self.seat = seat
            let end = Duration.seconds(deadline + StateFolder.courtesy)
            patience = max(.seconds(10), end - BootClock.now)
        } catch {
            return nil
        }
    }

    /// The same, of the state at a path.
    package init?(ticket: String?, began: Duration, state path: String) {
        do {
            guard let folder = try StateFolder.existing(at: path) else { return nil }
            self.init(ticket: ticket, began: began, in: folder)
        } catch {
            return nil
        }
    }
}
