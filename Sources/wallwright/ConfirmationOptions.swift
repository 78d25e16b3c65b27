import ArgumentParser
import Deployment
import Diagnostics
import FoundationEssentials
import Glibc
import Kernel

/// How a change waits for its confirmation.
struct ConfirmationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Take the change back when nobody confirmed it for so long: 60s, 5m, 1h.",
            valueName: "time"
        ),
        transform: TimeSpan.parse
    )
    var confirmWithin = TimeSpan(seconds: 60)

    @Flag(help: "Confirm at once, after a try of the new rules in a copy.")
    var now = false

    /// Shorter is no time to log in; longer is no guard.
    private static let possible = 5...86_400

    func validate() throws {
        guard Self.possible.contains(confirmWithin.seconds) else {
            throw ValidationError("--confirm-within takes 5s to 24h")
        }
    }

    /// What a change has come to.
    enum Result {
        case confirmed(Confirmation.Confirmed)
        case waits(Change.Committed)
    }

    /// Changes the firewall, and does not end before it is decided; without a terminal when it waits, and where a program
    /// is answered, which learns it from what is returned.
    @discardableResult
    func commit(_ proposal: Proposal, _ operation: Operation, answering: Bool = false) async throws -> Result
    {
        if now, case .impossible = proposal.trial {
            throw Failure(
                .refused,
                "--now tries a login first, and there is none to try; nothing was changed\n"
                    + "do: leave --now out and confirm from a new login, or add --force if you have a console"
            )
        }
        guard !CaughtSignals.hasCome(SIGINT) else { throw Failure(.refused, "stopped; nothing was changed") }
        let window = Duration.seconds(confirmWithin.seconds)
        let committed = try await operation.commit(proposal, window: window)
        let generation = committed.generation
        if let note = committed.note { Terminal.error.write("note: \(note)\n") }
        tellEnded(committed.ended)
        if now {
            let confirmation = Confirmation(
                ticket: generation.ticket,
                session: operation.session,
                trustsOldSession: true,
                author: operation.author
            )
            let confirmed = try await confirmation.perform(
                in: operation.folder,
                host: operation.host,
                holding: operation.lock
            )
            await tellWatch(operation)
            if !answering { confirmed.tell() }
            return .confirmed(confirmed)
        }
        await tellWatch(operation)
        // Whoever confirms needs it.
        operation.lock.release()
        if answering { return .waits(committed) }
        let prompt = ConfirmationPrompt(
            folder: operation.folder,
            host: operation.host,
            author: operation.author,
            committed: committed
        )
        try await prompt.run()
        return .waits(committed)
    }

    private func tellEnded(_ count: Int) {
        guard count > 0 else { return }
        let what = count == 1 ? "1 connection was ended" : "\(count) connections were ended"
        Terminal.error.write("note: \(what) that the new rules would refuse; a rollback does not undo that\n")
    }

    private func tellWatch(_ operation: Operation) async {
        if let note = await operation.startWatch() { Terminal.error.write("note: \(note)\n") }
    }
}

extension Confirmation.Confirmed {
    /// Says what is final, and what else there is to know.
    func tell() {
        let what: Sentence =
            generation.kind == .remove
            ? "confirmed: the firewall is removed\n" : "confirmed: generation \(generation.number) stays\n"
        Terminal.output.write(Terminal.output.paint(what, .good))
        for note in notes { Terminal.error.write("note: \(note)\n") }
    }
}
