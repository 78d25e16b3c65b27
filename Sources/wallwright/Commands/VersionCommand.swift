import ArgumentParser

/// `wallwright version`
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the version.",
        discussion: "Example: wallwright version"
    )

    func run() {
        Terminal.output.write(Version.text + "\n")
    }
}
