import ArgumentParser
import Deployment
import Diagnostics
import FoundationEssentials
import Glibc
import Kernel

/// How a change waits for its confirmation.
struct ConfirmationOptions: ParsableArguments {
    @Option(help: "Take the change back when nobody confirmed it for so long: 60s, 5m, 1h.")
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

    /// Changes the firewall, and does not end before it is decided; without a terminal when it waits.
    func commit(_ proposal: Proposal, _ operation: Operation) async throws {
        guard !CaughtSignals.hasCome(SIGINT) else { throw Failure(.refused, "stopped; nothing was changed") }
        let window = Duration.seconds(confirmWithin.seconds)
        let committed = try await operation.commit(proposal, window: window)
        let generation = committed.generation
        if let note = committed.note { Terminal.error.write("note: \(note)\n") }
        if now {
            let confirmation = Confirmation(
                ticket: generation.ticket,
                session: operation.session,
                trustsOldSession: true,
                author: operation.author
            )
            _ = try await confirmation.perform(
                in: operation.folder,
                host: operation.host,
                holding: operation.lock
            )
            try await operation.startWatch()
            Terminal.output.write("confirmed: generation \(generation.number) stays\n")
            return
        }
        try await operation.startWatch()
        // Whoever confirms needs it.
        operation.lock.release()
        let prompt = ConfirmationPrompt(
            folder: operation.folder,
            host: operation.host,
            author: operation.author,
            committed: committed
        )
        try await prompt.run()
    }
}
