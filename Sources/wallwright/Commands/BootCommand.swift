import ArgumentParser
import Deployment
import Diagnostics
import Glibc
import Kernel

/// `wallwright boot`
struct BootCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "boot",
        abstract: "Load what was confirmed; for the boot of the machine.",
        discussion: """
            Reads no policy, resolves no name and needs no network. When the newest confirmed generation cannot be \
            loaded it takes the one before, and at last a minimum: SSH gets in, everything else is dropped. It ends \
            with 1 when it had to fall back, and with 4 when nothing could be loaded.

            Example: sudo wallwright boot
            """
    )

    @OptionGroup var option: StateOption

    @Flag(help: "Start no watch; for a service that runs one by itself.")
    var withoutWatch = false

    @Flag(
        help: ArgumentHelp(
            "Only when the service before this was killed, as systemd says.",
            visibility: .hidden
        )
    )
    var ifKilled = false

    /// Of a service that did not end by itself (systemd.exec(5), "$SERVICE_RESULT").
    private static let killed: Set = ["signal", "core-dump", "timeout", "watchdog", "oom-kill"]

    func runOnHost() async throws {
        if ifKilled {
            let result = unsafe getenv("SERVICE_RESULT").map { unsafe String(cString: $0) }
            guard let result, Self.killed.contains(result) else { return }
        }
        let folder = try StateFolder.make(at: option.state)
        let lock = try await ChangeLock.acquire(in: folder, for: "wallwright boot", waiting: .seconds(20))
        let host = try HostIdentity.current()
        let result = try await BootLoader(folder: folder, host: host, holding: lock).run()
        BootStamp(result, from: folder).write(for: host)
        lock.release()
        if !withoutWatch, let note = await Operation.startWatch(of: folder, host: host) {
            Terminal.error.write("note: \(note)\n")
        }
        switch result {
        case .generation(let number, let passedOver):
            Terminal.output.write("generation \(number) is loaded\n")
            guard passedOver.isEmpty else {
                throw Failure(
                    .refused,
                    Sentence(lines: "newer ones are not:\n" + passedOver.joined(separator: "\n"))
                )
            }
        case .removed(let number):
            Terminal.output.write("nothing is loaded: generation \(number) removed the firewall\n")
        case .minimum(let ports, let reasons):
            let open = ports.map(String.init).joined(separator: ", ")
            throw Failure(
                .refused,
                "ONLY THE MINIMUM IS LOADED: SSH on port \(open) gets in, the rest is dropped\n"
                    + reasons.map { "\($0)\n" }.joined() + "do: sudo wallwright apply"
            )
        }
    }
}
