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
        name: [.customLong("if-failed"), .customLong("if-killed")],
        help: ArgumentHelp(
            "Only when the service before this did not end well, as systemd says.",
            visibility: .hidden
        )
    )
    var ifFailed = false

    func runOnHost() async throws {
        if ifFailed {
            // systemd.exec(5), "$SERVICE_RESULT".
            let result = unsafe getenv("SERVICE_RESULT").map { unsafe String(cString: $0) }
            guard let result, result != "success" else { return }
        }
        let state = try await BootState.open(at: option.state)
        let (result, notes) = try await BootLoader(state).run()
        if let host = state.host, let folder = state.folder {
            BootStamp(result, from: folder).write(for: host)
        }
        state.release()
        for note in notes { Terminal.error.write("note: \(note)\n") }
        if !withoutWatch, let folder = state.folder, let host = state.host,
            let note = await Operation.startWatch(of: folder, host: host)
        {
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
