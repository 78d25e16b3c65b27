import ArgumentParser
import Deployment
import Diagnostics
import Glibc
import Kernel

/// `wallwright rollback [--to N]`
struct RollbackCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Take the change that waits back, or go back to an earlier generation.",
        discussion: """
            When nothing waits, the generation that was confirmed before the live one becomes a new generation, \
            guarded and waiting for its confirmation as with apply.

            Example: sudo wallwright rollback --to 5
            """
    )

    @Option(
        help: ArgumentHelp(
            "The generation to go back to; `wallwright history` lists them.",
            valueName: "generation"
        )
    )
    var to: Int?

    @OptionGroup var option: StateOption
    @OptionGroup var waiting: ConfirmationOptions

    @Flag(help: "Go back although the session that you are in would be shut out.")
    var force = false

    func runOnHost() async throws {
        CaughtSignals.note(SIGINT)
        let operation = try await Operation.beginTelling("wallwright rollback", option)
        if to == nil, let (number, doubts) = try await operation.takeBack() {
            Terminal.output.write("generation \(number) was taken back; the firewall from before is live\n")
            for doubt in doubts { Terminal.error.write("note: \(doubt)\n") }
            return
        }
        try operation.requireNothingPending()
        let proposal = try await operation.earlier(to, force: force)
        if let unchanged = try await operation.isLive(proposal) {
            Terminal.output.write(
                "nothing to do: generation \(unchanged) is the same firewall, and the kernel holds it\n"
            )
            return
        }
        if case .rollback(let number) = proposal.kind {
            let generation = try operation.folder.generation(number)
            Terminal.output.write(
                "back to generation \(number), of \(generation.created.text) by \(generation.author)\n"
            )
        }
        try await waiting.commit(proposal, operation)
    }
}
