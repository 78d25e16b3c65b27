import ArgumentParser
import Diagnostics

/// The command line.
@main
struct Wallwright: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wallwright",
        abstract: "A default-deny firewall that cannot lock its owner out.",
        discussion: """
            One policy file says what may get in and out; the rest is dropped, over IPv4 and IPv6. What is applied is \
            taken back by itself unless it is confirmed from a new login.

            Example: sudo wallwright init; sudo wallwright plan; sudo wallwright apply
            """,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(
                name: "On this host",
                subcommands: [
                    InitCommand.self, PlanCommand.self, ApplyCommand.self, ConfirmCommand.self,
                    RollbackCommand.self, StatusCommand.self, HistoryCommand.self, RemoveCommand.self,
                    EnableCommand.self, DisableCommand.self, SaveCommand.self, RestoreCommand.self,
                    RefreshCommand.self, BootCommand.self, BanCommand.self, UnbanCommand.self,
                    GuardCommand.self,
                    WatchCommand.self,
                ]
            ),
            CommandGroup(
                name: "Anywhere",
                subcommands: [
                    CheckCommand.self, CompileCommand.self, TryCommand.self, FmtCommand.self,
                    ExplainCommand.self,
                    ServicesCommand.self, SchemaCommand.self, UnitCommand.self, VersionCommand.self,
                ]
            ),
        ]
    )

    /// What a command that there is not may have been meant for, as a line.
    private static var suggestion: String {
        let commands = configuration.groupedSubcommands.flatMap { $0.subcommands }
        let names = commands.compactMap { $0.configuration.commandName }
        guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"), !names.contains(word),
            let fix = NearestSpelling.fix(for: word, among: names)
        else { return "" }
        return "fix: \(fix)\n"
    }

    static func main() async {
        do {
            // Swift reads the arguments from /proc; where there is none, any command would be taken for a call for help.
            guard !CommandLine.arguments.isEmpty else {
                throw Failure(.systemFailed, "/proc is not mounted here\ndo: mount -t proc proc /proc")
            }
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            failure.report()
            exit(withError: failure.status.exitCode)
        } catch let error where exitCode(for: error) == .validationFailure {
            Terminal.error.write(Sentence(said: fullMessage(for: error) + "\n" + suggestion))
            exit(withError: ExitStatus.usage.exitCode)
        } catch {
            exit(withError: error)
        }
    }
}
