import ArgumentParser
import Deployment
import Diagnostics
import Glibc
import Kernel

/// `wallwright rollback [--to N]`
struct RollbackCommand: HostCommand, JSONCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Take the change that waits back, or go back to an earlier generation.",
        discussion: """
            Without --to it takes back what waits, and nothing else: typed twice it does not go further. With --to, an \
            earlier generation becomes a new one, guarded and waiting for its confirmation as with apply.

            Example: sudo wallwright rollback --to 5 --dry-run
            """
    )

    @Option(
        help: ArgumentHelp(
            "The generation to go back to; `wallwright history` lists them.",
            valueName: "generation"
        )
    )
    var to: Int?

    @OptionGroup var option: StateOption
    @OptionGroup var waiting: ConfirmationOptions

    @Flag(help: "Say what would change, and change nothing.")
    var dryRun = false

    @Flag(help: "Go back although the session that you are in would be shut out.")
    var force = false

    @Flag(help: "Answer with one JSON document on standard output.")
    var json = false

    func runOnHost() async throws {
        if dryRun { return try await tryDry() }
        CaughtSignals.note(SIGINT)
        let operation = try await Operation.beginTelling("wallwright rollback", option)
        guard let to else { return try await takeBack(operation) }
        try operation.requireNothingPending()
        let rollback = Rollback(in: operation.folder, for: operation.session)
        let proposal = try await rollback.proposal(to: to, force: force)
        if let unchanged = try await operation.isLive(proposal) {
            if json { return ChangeAnswer(.unchanged, try answer(unchanged, operation.folder)).write() }
            Terminal.output.write(
                "nothing to do: generation \(unchanged) is the same firewall, and the kernel holds it\n"
            )
            return
        }
        let generation = try operation.folder.generation(to)
        let meaning = change(from: try operation.folder.confirmed(), to: to, operation.folder)
        if !json {
            Terminal.output.write(
                "back to generation \(to), of \(generation.created.text) by \(generation.author)\n"
            )
            SentenceTable(meaning).write()
        }
        let result = try await waiting.commit(proposal, operation, answering: json)
        if json { ChangeAnswer(result, meaning: meaning).write() }
    }

    private func answer(_ number: Int, _ folder: StateFolder) throws -> JSONValue {
        try folder.generation(number).answer(deadline: nil)
    }

    /// First the way back, then words about it.
    private func takeBack(_ operation: Operation) async throws {
        guard let (number, doubts) = try await operation.takeBack() else {
            // What was left behind was finished on the way here, and said.
            if !operation.findings.isEmpty {
                if json {
                    ChangeAnswer(.takenBack, notes: operation.findings.map { "\($0.sentence)" }).write()
                }
                return
            }
            throw try Rollback(in: operation.folder, for: operation.session).refusal()
        }
        let live = try operation.folder.confirmed()
        let meaning = change(from: number, to: live, operation.folder)
        if json {
            let generation = try answer(number, operation.folder)
            return ChangeAnswer(.takenBack, generation, meaning: meaning, notes: doubts.map { "\($0)" })
                .write()
        }
        Terminal.output.write(
            "generation \(number) was taken back; the firewall from before is live\(Self.named(live))\n"
        )
        for doubt in doubts { Terminal.error.write("note: \(doubt)\n") }
        SentenceTable(meaning).write()
    }

    private static func named(_ number: Int?) -> String { number.map { ": generation \($0)" } ?? "" }

    private func tryDry() async throws {
        guard let folder = try StateFolder.existing(at: option.state) else {
            throw Failure(.refused, "nothing was ever applied")
        }
        let rollback = Rollback(in: folder, for: LoginSession.current())
        let waits = try folder.undecided()
        if let to {
            if let waits {
                throw Failure(
                    .refused,
                    "generation \(waits) waits\ndo: wallwright rollback takes it back; then --to \(to)"
                )
            }
            _ = try await rollback.proposal(to: to, force: force)
            let generation = try folder.generation(to)
            let live = try folder.confirmed()
            let meaning = change(from: live, to: to, folder)
            if json { return ChangeAnswer(.nothingChanged, try answer(to, folder), meaning: meaning).write() }
            Terminal.output.write(
                live == to
                    ? "generation \(to) is the one that was confirmed last\n"
                    : "this would go back to generation \(to), of \(generation.created.text) by \(generation.author)\n"
            )
            SentenceTable(meaning).write()
        } else {
            guard let waits else { throw try rollback.refusal() }
            let live = try folder.confirmed()
            let meaning = change(from: waits, to: live, folder)
            if json {
                return ChangeAnswer(.nothingChanged, try answer(waits, folder), meaning: meaning).write()
            }
            Terminal.output.write(
                "this would take generation \(waits) back; the firewall from before would be live\(Self.named(live))\n"
            )
            SentenceTable(meaning).write()
        }
        Terminal.output.write("nothing was changed\n")
    }

    /// What opens and closes by it, as far as that can be told.
    private func change(from old: Int?, to new: Int?, _ folder: StateFolder) -> [PlanSentence] {
        do {
            return try folder.change(from: old, to: new) ?? []
        } catch {
            Terminal.error.write("note: what it changes cannot be told: \(error)\n")
            return []
        }
    }
}
