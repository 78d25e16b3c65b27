import ArgumentParser
import Deployment
import Diagnostics
import Kernel

extension SaveWay: ExpressibleByArgument {}

/// `wallwright save`
struct SaveCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "save",
        abstract: "Write the live rules of everybody where the distribution loads them at boot.",
        discussion: """
            For rules that were typed by hand: all tables of both families, the sets of ipset, the tables of nftables. \
            What Docker, fail2ban, kube-proxy and their like write anew by themselves is left out, for a file would \
            bring back containers and bans that are gone. Wallwright's own are loaded by `wallwright enable`.

            Example: sudo wallwright save
            """
    )

    @Option(help: ArgumentHelp("Where; the first that this system has by default.", valueName: "way"))
    var using: SaveWay?

    @Flag(help: "Also what others write anew by themselves.")
    var everyone = false

    @Option(
        help: ArgumentHelp("Write into an image that has its root there.", valueName: "folder"),
        completion: .directory
    )
    var root = "/"

    @OptionGroup var option: StateOption

    @Flag(help: "Save although a login that gets in now would be shut out after a boot.")
    var force = false

    func validate() throws { try RootFolderCheck.run(root) }

    func runOnHost() async throws {
        let state = root == "/" ? option.state : root + option.state
        let record = try StateFolder.existing(at: state).flatMap { try PersistenceRecord.read(from: $0) }
        let report = try await RuleSaving(root: root).save(
            using: using,
            everyone: everyone,
            besides: record,
            for: try await HostFacts.read(session: LoginSession.current()),
            force: force
        )
        Terminal.output.write(
            report.places.isEmpty
                ? "nothing to save for \(report.way.rawValue)\n" : "saved for \(report.way.rawValue):\n"
        )
        for place in report.places { Terminal.output.write("  \(place)\n") }
        guard !report.leftOut.isEmpty else { return }
        Terminal.output.write("left out:\n")
        for line in report.leftOut.lines { Terminal.output.write("  \(line)\n") }
    }
}
