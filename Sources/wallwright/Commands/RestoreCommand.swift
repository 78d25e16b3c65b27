import ArgumentParser
import Deployment
import Diagnostics
import Glibc
import Iptables
import Kernel

/// `wallwright restore`
struct RestoreCommand: HostCommand, JSONCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put back what save wrote, to be taken back unless it is confirmed.",
        discussion: """
            Loads the files into a copy first, says what would change, and tries a login there. Then it is a change like \
            apply: guarded, read back, and waiting for its confirmation. Only the chains, tables and sets in the files \
            are touched; what Docker, fail2ban and their like keep, and what is ours, stays.

            Example: sudo wallwright restore
            """
    )

    @Option(help: "Where save wrote it; the first that this system has by default.")
    var using: SaveWay?

    @Option(help: "Read from an image that has its root there.", completion: .directory)
    var root = "/"

    @Option(help: "A file for iptables-restore.", completion: .file())
    var ipv4: String?

    @Option(help: "A file for ip6tables-restore.", completion: .file())
    var ipv6: String?

    @Option(help: "A file for ipset restore.", completion: .file())
    var sets: String?

    @Option(
        help: "A file for nft -f; its tables take the place of those of their names.",
        completion: .file()
    )
    var tables: String?

    @Flag(help: "Also what others write anew by themselves, as it was when it was saved.")
    var everyone = false

    @OptionGroup var option: StateOption
    @OptionGroup var waiting: ConfirmationOptions

    @Flag(help: "Restore although SSH, or the session that you are in, would be shut out.")
    var force = false

    @Flag(help: "Answer with one JSON document on standard output.")
    var json = false

    private var hasFiles: Bool { [ipv4, ipv6, sets, tables].contains { $0 != nil } }

    func validate() throws {
        try RootFolderCheck.run(root)
        guard !hasFiles || (using == nil && root == "/") else {
            throw ValidationError(
                "--ipv4, --ipv6, --sets and --tables name files; leave --using and --root out"
            )
        }
    }

    /// Refuses a file that somebody gives for one tool and that is plainly for another.
    private func checkFormats(_ files: SavedFiles) throws(Failure) {
        for (file, option, wanted) in [
            (files.ipv4, "--ipv4", RulesFormat.saveFile), (files.ipv6, "--ipv6", .saveFile),
            (files.sets, "--sets", .ipsets), (files.tables, "--tables", .nftables),
        ] {
            guard let file else { continue }
            let source = SourceFile(name: file.place, text: file.text)
            if RulesFormat.saysNothing(source) { continue }
            let format = RulesFormat(source)
            // What has no sign of its format is for the tool to judge.
            guard format != wanted, format != .script else { continue }
            throw Failure(
                .refused,
                "\(file.place) is \(format.title), and \(option) wants \(wanted.title)\ndo: \(format.advice)"
            )
        }
    }

    func runOnHost() async throws {
        CaughtSignals.note(SIGINT)
        let files =
            try hasFiles
            ? SavedFiles(ipv4: ipv4, ipv6: ipv6, sets: sets, tables: tables)
            : SavedFiles(using: using, root: root)
        if hasFiles { try checkFormats(files) }
        let operation = try await Operation.beginTelling("wallwright restore", option)
        try operation.requireNothingPending()
        let restoration = try await Restoration(
            from: files,
            everyone: everyone,
            state: option.state,
            session: operation.session
        )
        for diagnostic in restoration.diagnostics {
            Terminal.error.write(TerminalRenderer(usesColour: Terminal.error.usesColour).render(diagnostic))
        }
        let findings = restoration.diagnostics
        guard !findings.hasErrors else {
            throw Failure(.refused, answer: .document([JSONKey.findings: PolicyArgument.json(findings)]))
        }
        guard !restoration.plan.isEmpty else {
            if json { return ChangeAnswer(.unchanged, findings: findings).write() }
            Terminal.output.write("nothing to do: the kernel holds what was saved\n")
            return
        }
        if !json {
            Terminal.output.write("what was saved, against what is live now:\n")
            for line in restoration.plan.lines { Terminal.output.write(line + "\n") }
        }
        let result = try await waiting.commit(restoration.proposal(force: force), operation, answering: json)
        if json { ChangeAnswer(result, findings: findings).write() }
    }
}
