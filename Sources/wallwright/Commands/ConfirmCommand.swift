import ArgumentParser
import Deployment
import Diagnostics
import FoundationEssentials
import Kernel

/// `wallwright confirm [NUMBER-]CODE`
struct ConfirmCommand: HostCommand, JSONCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm",
        abstract: "Keep the change that waits: you are in, by a new login.",
        discussion: """
            Refuses in a session that is older than the change, for that was let in by the old rules. When it ends \
            with 0, that is final.

            Example: sudo wallwright confirm 7-k4qx
            """
    )

    @Argument(help: "The code, as apply printed it, with the generation or alone: 7-k4qx, k4qx.")
    var ticket: String?

    @OptionGroup var option: StateOption

    @Option(
        help: ArgumentHelp("Confirm nothing, but wait so much longer: 10m.", valueName: "time"),
        transform: TimeSpan.parse
    )
    var extend: TimeSpan?

    @Flag(help: "Take an old session for proof enough; for the console of the machine.")
    var sameSession = false

    @Flag(help: "Answer with one JSON document on standard output.")
    var json = false

    func validate() throws {
        guard extend == nil || ticket == nil && !sameSession else {
            throw ValidationError("--extend confirms nothing: leave the code and --same-session out")
        }
    }

    func runOnHost() async throws {
        let began = ProcessStatus.ownStart ?? BootClock.now
        // Before the notice of a confirmation: nobody waits for a person who reads.
        if sameSession { try ConsoleOath.ask(of: LoginSession.current()) }
        let notice =
            extend == nil
            ? ConfirmationNotice(ticket: ticket, began: began, state: option.state)
            : ConfirmationNotice(extending: began, state: option.state)
        defer { withExtendedLifetime(notice) {} }
        let operation = try await Operation.beginTelling(
            extend == nil ? "wallwright confirm" : "wallwright confirm --extend",
            option,
            waiting: notice?.patience ?? .seconds(10)
        )
        if let extend { return try wait(extend, began, operation) }
        let confirmation = Confirmation(
            ticket: ticket,
            session: operation.session,
            trustsOldSession: sameSession,
            author: operation.author,
            began: began
        )
        let confirmed = try await confirmation.perform(
            in: operation.folder,
            host: operation.host,
            holding: operation.lock
        )
        if json { ChangeAnswer(.confirmed(confirmed)).write() } else { confirmed.tell() }
    }

    private func wait(_ span: TimeSpan, _ began: Duration, _ operation: Operation) throws {
        let (generation, commitment) = try MoreTime(.seconds(span.seconds), began: began).perform(
            in: operation.folder,
            host: operation.host
        )
        if json { return ChangeAnswer(.extended, generation.answer(deadline: commitment.deadline)).write() }
        let left = commitment.deadline - BootClock.now.inSeconds
        Terminal.output.write(
            "generation \(generation.number) waits longer: it is taken back at "
                + "\(Date.now.addingTimeInterval(left).clock) (in \(Int(left.rounded(.up))) s) unless you confirm\n"
        )
    }
}
