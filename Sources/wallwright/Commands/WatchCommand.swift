import ArgumentParser
import Deployment
import Diagnostics
import Kernel

/// `wallwright watch`: what `apply` starts; not for people.
struct WatchCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Restore the rules that other programs remove.",
        shouldDisplay: false
    )

    @OptionGroup var option: StateOption

    @Option(help: "The network namespace of the firewall.")
    var namespace: UInt64 = 0

    @Option(help: "A process in that namespace.")
    var namespaceOf = 0

    @Flag(help: "Be the inner process.")
    var worker = false

    @Flag(help: "End the one that is at work; for packages that are removed.")
    var end = false

    func runOnHost() async throws {
        guard let folder = try StateFolder.existing(at: option.state) else {
            if end { return }
            throw Failure(.refused, "there is no state in \(option.state)")
        }
        if end {
            guard try await Watcher.end(in: folder) else { return }
            Terminal.output.write("what is live stays until the machine restarts; nothing watches it\n")
            return
        }
        if worker { return try await Watcher(folder: folder).run() }
        let arguments = ["watch", "--state", folder.path, "--worker"]
        var host = try HostIdentity.current()
        host.namespace = namespace
        try await WorkerSupervisor(folder: folder, host: host, arguments: arguments).run(
            committer: namespaceOf,
            isNeeded: { true },
            log: EventLog.ofWatch(in: folder).say
        )
    }
}
