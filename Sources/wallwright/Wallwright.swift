import ArgumentParser

/// The command line.
@main
struct Wallwright: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wallwright",
        abstract: "A default-deny firewall that cannot lock its owner out.",
        discussion: """
            One policy file says what may get in and out; the rest is dropped, over IPv4 and IPv6. \
            Nothing here changes the firewall of this host.

            Example: wallwright check /etc/wallwright/policy.yaml
            """,
        version: Version.text,
        subcommands: [
            CheckCommand.self, CompileCommand.self, TryCommand.self, ServicesCommand.self, SchemaCommand.self,
            VersionCommand.self,
        ]
    )

    static func main() async {
        do {
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
            Terminal.error.write(fullMessage(for: error) + "\n")
            exit(withError: ExitStatus.usage.exitCode)
        } catch {
            exit(withError: error)
        }
    }
}
