import ArgumentParser
import Compiler
import Deployment
import Diagnostics
import Glibc
import Kernel

/// `wallwright remove`
struct RemoveCommand: HostCommand, JSONCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove all rules of Wallwright from the kernel; other firewalls stay.",
        discussion: """
            Wallwright blocks nothing then. Bans go too. It is a change like any other: guarded, and waiting for its \
            confirmation. The state stays, so that `rollback --to` leads back.

            Example: sudo wallwright remove
            """
    )

    @OptionGroup var option: StateOption
    @OptionGroup var waiting: ConfirmationOptions

    @Flag(help: "Answer with one JSON document on standard output.")
    var json = false

    func runOnHost() async throws {
        CaughtSignals.note(SIGINT)
        let operation = try await Operation.beginTelling("wallwright remove", option)
        try operation.requireNothingPending()
        guard try await !operation.isBare() else {
            if json { return ChangeAnswer(.unchanged).write() }
            Terminal.output.write("nothing to do: no rules of Wallwright are in the kernel\n")
            return
        }
        let bans = try BanList.read(from: operation.folder).entries.count
        let ended = bans == 1 ? "1 ban ends" : "\(bans) bans end"
        let end = bans == 0 ? "" : "; \(ended) too, for good, once it is confirmed"
        if !json { Terminal.output.write("removing: Wallwright will block nothing\(end)\n") }
        let result = try await waiting.commit(Proposal(.remove, .ours(.none)), operation, answering: json)
        if json { ChangeAnswer(result).write() }
    }
}
