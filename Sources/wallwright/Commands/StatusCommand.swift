import ArgumentParser
import Deployment
import Diagnostics
import Kernel

/// `wallwright status`
struct StatusCommand: HostCommand, JSONCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say what is live, since when, by whom, and what it counted.",
        discussion: """
            Ends with 1 when something is not as it should be: the kernel does not hold what was applied, or a change \
            waits and nobody guards it.

            Example: sudo wallwright status
            """
    )

    @OptionGroup var option: StateOption

    @Flag(help: "Print it as JSON.")
    var json = false

    func runOnHost() async throws {
        let status = try await HostStatus.read(state: option.state)
        if json {
            Terminal.output.answer(status.json)
        } else {
            StatusText(status).write()
        }
        if !status.isSound { throw Failure(.refused, answer: .given) }
    }
}
