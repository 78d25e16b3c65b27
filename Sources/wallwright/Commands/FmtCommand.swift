import ArgumentParser
import Diagnostics
import Iptables
import PacketModel

/// `wallwright fmt FILE|-`
struct FmtCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt",
        abstract: "Print a save file of iptables as iptables-save would after loading it.",
        discussion: """
            Loads nothing. What iptables-restore refuses is refused, with every error and its place, and so is what \
            Wallwright does not read yet.

            Example: wallwright fmt --family ipv6 /etc/iptables/rules.v6
            """
    )

    @Argument(help: "The file; - reads standard input.", completion: .file())
    var file: String

    @Option(help: "The family that the rules are for.")
    var family: IPFamily = .ipv4

    @Flag(help: "Keep the counters of packets and bytes, as iptables-save -c does.")
    var counters = false

    @Flag(help: "Load the tables one onto another, as iptables-restore --noflush does.")
    var noflush = false

    @Flag(help: "Print errors and warnings as JSON on standard output.")
    var json = false

    func run() throws {
        let source: SourceFile
        do {
            source = try RulesFile.read(file)
        } catch {
            throw Failure(.systemFailed, "cannot read \(file): \(error)")
        }
        let names = RulesFile.names()
        let (saved, readErrors) = SaveFileReader.read(source, family: family, names: names)
        let (ruleset, loadErrors) = LoadedRuleset.load(saved, from: source, family: family, flushes: !noflush)
        let diagnostics = (readErrors + loadErrors).sorted { place($0) < place($1) }
        report(diagnostics)
        guard !diagnostics.hasErrors else { throw Failure(.refused) }
        if !json { Terminal.output.write(ruleset.text(from: source, names: names, counters: counters)) }
    }

    private func place(_ diagnostic: Diagnostic) -> Int { diagnostic.primary?.range.start ?? 0 }

    private func report(_ diagnostics: [Diagnostic]) {
        if json {
            Terminal.output.write(JSONRenderer.render(diagnostics))
        } else if !diagnostics.isEmpty {
            let errors = diagnostics.count { $0.severity == .error }
            let renderer = TerminalRenderer(usesColour: Terminal.error.usesColour)
            let end = errors == 0 ? "" : "\n\(file): refused, \(errors) \(errors == 1 ? "error" : "errors")\n"
            Terminal.error.write(renderer.render(diagnostics) + end)
        }
    }
}
