import ArgumentParser
import Deployment
import Diagnostics
import Kernel
import SystemPackage

/// How and where the boot of a machine is told.
struct PersistenceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The way: \(Persistence.names.joined(separator: ", ")).",
            valueName: "way"
        ),
        completion: .list(Persistence.names)
    )
    var using: String?

    @Option(
        help: ArgumentHelp("Prepare an image that has its root there; nothing is run.", valueName: "folder"),
        completion: .directory
    )
    var root = "/"

    @OptionGroup var option: StateOption

    func validate() throws { try RootFolderCheck.run(root) }

    /// Where the state is, on this machine.
    var statePath: String { root == "/" ? option.state : root + inside }

    /// The same path as the root sees it.
    private var inside: String {
        FilePath(option.state.hasPrefix("/") ? option.state : "/\(option.state)").string
    }

    /// What knows of it, with the lock.
    func open(_ folder: StateFolder, for purpose: String) async throws -> (Persistence, ChangeLock) {
        let lock = try await ChangeLock.acquire(in: folder, for: purpose, waiting: .seconds(10))
        let base = root == "/" ? "/" : String(folder.path.dropLast(inside.count))
        return (try Persistence(of: folder, root: base), lock)
    }
}

/// `wallwright enable`
struct EnableCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Load what is confirmed when the machine starts, before the network comes up.",
        discussion: """
            Takes the first way that this system has, or the one that is named. Once it is enabled every \
            confirmation counts for the next boot; what was never confirmed does not.

            Example: sudo wallwright enable
            """
    )

    @OptionGroup var options: PersistenceOptions

    @Option(help: "The wallwright that the boot calls; this one by default.", completion: .file())
    var program: String?

    func runOnHost() async throws {
        let folder = try StateFolder.make(at: options.statePath)
        let (persistence, lock) = try await options.open(folder, for: "wallwright enable")
        defer { lock.release() }
        let report = try await persistence.enable(using: options.using, program: program)
        Terminal.output.write("enabled by \(report.way):\n")
        for place in report.places { Terminal.output.write("  \(place)\n") }
        for note in report.notes { Terminal.error.write("note: \(note)\n") }
    }
}
