import ArgumentParser
import Deployment
import Diagnostics
import Kernel

/// `wallwright disable`
struct DisableCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Load nothing when the machine starts; what is live stays.",
        discussion: """
            Takes away what enable wrote, and puts back what was there before.

            Example: sudo wallwright disable
            """
    )

    @OptionGroup var options: PersistenceOptions

    @Flag(help: "Only if the boot calls this very program; for packages that are removed.")
    var own = false

    func runOnHost() async throws {
        guard let folder = try StateFolder.existing(at: options.statePath) else {
            Terminal.output.write("nothing was enabled\n")
            return
        }
        let (persistence, lock) = try await options.open(folder, for: "wallwright disable")
        defer { lock.release() }
        guard let report = try await persistence.disable(named: options.using, onlyOwn: own) else {
            Terminal.output.write("nothing was enabled\n")
            return
        }
        Terminal.output.write("disabled: the next boot loads nothing by \(report.way)\n")
        for note in report.notes { Terminal.error.write("note: \(note)\n") }
    }
}
