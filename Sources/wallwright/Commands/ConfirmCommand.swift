import ArgumentParser
import Deployment
import Diagnostics
import Kernel

/// `wallwright confirm NUMBER-CODE`
struct ConfirmCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm",
        abstract: "Keep the change that waits: you are in, by a new login.",
        discussion: """
            Refuses in a session that is older than the change, for that was let in by the old rules. When it ends \
            with 0, that is final.

            Example: sudo wallwright confirm 7-k4qx
            """
    )

    @Argument(help: "The generation and its code, as apply printed them.")
    var ticket: String?

    @OptionGroup var option: StateOption

    @Flag(help: "Take an old session for proof enough; for the console of the machine.")
    var sameSession = false

    func runOnHost() async throws {
        let began = ProcessStatus.ownStart ?? BootClock.now
        let notice = ConfirmationNotice(ticket: ticket, began: began, state: option.state)
        defer { withExtendedLifetime(notice) {} }
        let operation = try await Operation.beginTelling(
            "wallwright confirm",
            option,
            waiting: notice?.patience ?? .seconds(10)
        )
        let confirmation = Confirmation(
            ticket: ticket,
            session: operation.session,
            trustsOldSession: sameSession,
            author: operation.author,
            began: began
        )
        try await confirmation.perform(
            in: operation.folder,
            host: operation.host,
            holding: operation.lock
        ).tell()
    }
}
