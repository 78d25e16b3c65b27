import ArgumentParser
import Diagnostics
import Iptables
import PacketModel

/// `wallwright fmt FILE|-`
struct FmtCommand: AsyncParsableCommand, JSONCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt",
        abstract: "Print rules of iptables, or of nftables, as they stand after loading them.",
        discussion: """
            The file is a save file, what iptables -S prints of a table, or a script of commands; its content tells \
            which. Nothing is loaded, and nothing of a script is run. What the tools refuse is refused, with every \
            error and its place. Releases of iptables differ in what they refuse and in a few of their words; --as says \
            which one counts.

            A file for nft is loaded by the installed nft, in a network namespace that has nothing else and goes at \
            once, and what the kernel holds is printed. That text is loaded again and compared before it is shown; \
            what is not understood is refused. Interfaces that rules need by number are made there.

            Example: wallwright fmt --family ipv6 /etc/iptables/rules.v6
            Example: wallwright fmt /etc/nftables.conf
            """
    )

    @Argument(help: "The file; - reads standard input.", completion: .file())
    var file: String

    @Option(help: "The family that the rules are for.")
    var family: IPFamily = .ipv4

    @Option(
        name: .customLong("as"),
        help: "The iptables whose words count; installed asks that of this host."
    )
    var release: ReleaseOption = .named(.v1_8_9)

    @Flag(help: "Keep the counters of packets and bytes, as iptables-save -c does.")
    var counters = false

    @Flag(help: "Load the tables one onto another, as iptables-restore --noflush does.")
    var noflush = false

    @Flag(help: "Correct errors first where a fix leaves no choice; no file is changed.")
    var fix = false

    @Flag(help: "Print errors and warnings as JSON on standard output.")
    var json = false

    /// A list and nothing else.
    static func document(of findings: [Diagnostic]) -> JSONValue {
        .array(findings.map(JSONRenderer.object))
    }

    func run() async throws {
        var source = try RulesFile.read(file)
        if RulesFormat(source) == .nftables { return try await formatNftables(source) }
        var names = try RulesFile.names()
        names.release = try await release.release()
        if fix {
            let known = names
            // What is not read at all is refused below.
            source =
                source.fixed { text in
                    let rules = try? RulesText(text, family: family, names: known, keeping: noflush)
                    return rules?.diagnostics(family) ?? []
                }.text
        }
        let rules = try RulesText(source, family: family, names: names, keeping: noflush)
        let diagnostics = rules.diagnostics(family)
        let isPrinted = !diagnostics.hasErrors || rules.standsInSpiteOfErrors
        if json {
            Terminal.output.answer(Self.document(of: diagnostics))
        } else {
            RulesFile.report(diagnostics, in: file, stands: isPrinted)
        }
        if !json, isPrinted { Terminal.output.write(file: rules.text(family, counters: counters)) }
        guard !diagnostics.hasErrors else { throw Failure(.refused, answer: .given) }
    }
}
