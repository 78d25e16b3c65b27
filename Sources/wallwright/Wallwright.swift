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
                    RollbackCommand.self, StatusCommand.self, HistoryCommand.self, DiffCommand.self,
                    RemoveCommand.self,
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
        return "fix: \(fix)"
    }

    /// The command that the arguments name, also where they make no sense otherwise, when a program asks for JSON.
    private static var jsonCommand: (any JSONCommand.Type)? {
        let words = CommandLine.arguments.dropFirst()
        guard words.contains("--json"), let name = words.first else { return nil }
        let commands = configuration.groupedSubcommands.flatMap { $0.subcommands }
        return commands.first { $0.configuration.commandName == name } as? any JSONCommand.Type
    }

    /// Says what went wrong: to people, and to a program that asked for it.
    private static func report(_ failure: Failure) {
        if let document = jsonCommand?.document(of: failure) { Terminal.output.answer(document) }
        failure.report()
    }

    /// What the command line should have been.
    private static func usage(_ error: any Error) -> Failure {
        let lines = fullMessage(for: error).split(separator: "\n").map {
            $0.hasPrefix("Error: ") ? $0.dropFirst("Error: ".count) : $0
        }
        let advice = suggestion.isEmpty ? "" : "\n\(suggestion)"
        return Failure(.usage, Sentence(said: lines.joined(separator: "\n").withoutRiskyAdvice + advice))
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
            report(failure)
            exit(withError: failure.status.exitCode)
        } catch let error where exitCode(for: error) == .validationFailure {
            report(usage(error))
            exit(withError: ExitStatus.usage.exitCode)
        } catch {
            exit(withError: error)
        }
    }
}

extension String {
    /// A slip of the pen is not to become the flag that passes over what keeps a host safe.
    fileprivate var withoutRiskyAdvice: String {
        ["now", "force", "same-session", "cut"].reduce(self) { text, flag in
            text.replacing(" Did you mean '--\(flag)'?", with: "")
        }
    }
}
