import ArgumentParser
import Deployment
import Diagnostics

/// `wallwright refresh`
struct RefreshCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh",
        abstract: "Ask for the DNS names of the live policy now; the watch does so every five minutes.",
        discussion: """
            Where an answer changed, the elements of sets change in one transaction and the rules stay. A name that \
            nobody answers for keeps its last addresses. New addresses that would shut SSH out are not taken.

            Example: sudo wallwright refresh
            """
    )

    @OptionGroup var option: StateOption

    func runOnHost() async throws {
        let refresh = try await NameRefresh.perform(state: option.state)
        if !refresh.diagnostics.isEmpty {
            let renderer = TerminalRenderer(usesColour: Terminal.error.usesColour)
            Terminal.error.write(renderer.render(refresh.diagnostics) + "\n")
        }
        switch refresh.result {
        case .needless: Terminal.output.write("nothing that is live here is made of DNS names\n")
        case .same: Terminal.output.write("nothing to do: every name resolves as before\n")
        case .changed(let number, let changes):
            for change in changes { Terminal.output.write("\(change)\n") }
            Terminal.output.write("generation \(number) is live and confirmed\n")
        }
    }
}
