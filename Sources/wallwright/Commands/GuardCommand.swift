import ArgumentParser
import Deployment
import Diagnostics
import Kernel

/// `wallwright guard`: what `apply` starts; not for people.
struct GuardCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "guard",
        abstract: "Take a generation back when its time is over.",
        shouldDisplay: false
    )

    @OptionGroup var option: StateOption

    @Option(help: "The generation.")
    var generation: Int

    @Option(help: "A process in the network namespace of the change.")
    var namespaceOf = 0

    @Flag(help: "Be the inner process.")
    var worker = false

    func runOnHost() async throws {
        guard let folder = try StateFolder.existing(at: option.state) else {
            throw Failure(.refused, "there is no state in \(option.state)")
        }
        if worker { return try await GuardWorker(folder: folder, number: generation).run() }
        let arguments = ["guard", "--state", folder.path, "--generation", "\(generation)", "--worker"]
        let host = try folder.generation(generation).host
        let log = EventLog.ofGuard(generation, in: folder)
        try await WorkerSupervisor(folder: folder, host: host, arguments: arguments).run(
            committer: namespaceOf,
            isNeeded: { [.pending, .rollingBack].contains(folder.outcome(generation)) },
            log: log.say
        )
    }
}
