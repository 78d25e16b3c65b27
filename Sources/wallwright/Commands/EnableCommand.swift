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

    @Option(help: "Prepare an image that has its root there; nothing is run.", completion: .directory)
    var root = "/"

    @OptionGroup var option: StateOption

    /// What knows of it, with the lock; nil where there is no state and none is to be made.
    func open(for purpose: String, making: Bool) async throws -> (Persistence, ChangeLock)? {
        let inside = FilePath(option.state.hasPrefix("/") || root == "/" ? option.state : "/\(option.state)")
            .string
        let path = root == "/" ? inside : root + inside
        guard let folder = try making ? StateFolder.make(at: path) : StateFolder.existing(at: path) else {
            return nil
        }
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
        guard let (persistence, lock) = try await options.open(for: "wallwright enable", making: true) else {
            return
        }
        defer { lock.release() }
        let report = try await persistence.enable(using: options.using, program: program)
        Terminal.output.write("enabled by \(report.way):\n")
        for place in report.places { Terminal.output.write("  \(place)\n") }
        for note in report.notes { Terminal.error.write("note: \(note)\n") }
    }
}
