import ArgumentParser
import Compiler
import Deployment
import Diagnostics
import FoundationEssentials
import Glibc
import Kernel
import Policy

/// `wallwright apply [POLICY]`
struct ApplyCommand: HostCommand, JSONCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Make the policy the firewall of this host, to be taken back unless it is confirmed.",
        discussion: """
            Says what changes, starts a guard, changes the rules in one transaction, reads them back and waits. \
            Open a second login and confirm there with the code that is shown; when nobody does, the guard brings \
            the firewall from before back. Ctrl-C brings it back at once.

            Without a terminal, and with --json, it returns when the rules are in the kernel: confirm from a new \
            connection.

            Example: sudo wallwright apply /etc/wallwright/policy.yaml
            """
    )

    @OptionGroup var argument: PolicyArgument
    @OptionGroup var option: StateOption
    @OptionGroup var backend: BackendOption
    @OptionGroup var waiting: ConfirmationOptions

    @Flag(help: "Apply although SSH, or the session that you are in, would be shut out.")
    var force = false

    @Flag(
        help:
            "End the connections that the policy would not let begin; without it they go on, for they are established."
    )
    var cut = false

    var json: Bool { argument.json }

    func runOnHost() async throws {
        CaughtSignals.note(SIGINT)
        let (policy, read) = try await argument.readAskingForNames(option)
        guard let policy, !read.hasErrors else {
            throw argument.refusal(read)
        }
        let operation = try await Operation.beginTelling("wallwright apply", option)
        try operation.requireNothingPending()
        if let number = try await operation.unchanged(policy, on: backend.backend) {
            // What was right when it was applied may shut the host's SSH out by now.
            let facts = try await HostFacts.read(session: operation.session)
            let lockouts = Preparation.lockouts(policy, facts)
            guard force || !lockouts.hasErrors else { throw argument.refusal(lockouts) }
            argument.report(lockouts)
            var ended = 0
            if cut || policy.endsStrays {
                ended = try await StrayConnections.end(under: policy, sparing: facts.session)
            }
            return try tellUnchanged(operation.folder.generation(number), ended, read + lockouts)
        }
        let preparation = try await Preparation(
            policy,
            at: argument.absolutePath,
            on: try backend.checked(against: policy),
            state: option.state,
            session: operation.session,
            cuts: cut
        )
        let findings = read + preparation.diagnostics(force: force)
        guard let proposal = preparation.proposal(force: force) else { throw argument.refusal(findings) }
        argument.report(findings)
        if !json { PlanText(preparation.plan, policy.fileName).write() }
        let result = try await waiting.commit(
            force ? proposal : preparation.tried(proposal),
            operation,
            answering: json
        )
        if json {
            answer(result.outcome, result.generation, preparation.plan.json, findings, result.notes)
        }
    }

    private func tellUnchanged(_ generation: Generation, _ ended: Int, _ findings: [Diagnostic]) {
        let cut =
            "ended \(ended == 1 ? "1 connection" : "\(ended) connections") that the policy would not let begin"
        if json {
            let notes = ended > 0 ? [cut] : []
            return answer("unchanged", generation.answer(deadline: nil), .null, findings, notes)
        }
        Terminal.output.write(
            ended > 0
                ? "\(cut)\n"
                : "nothing to do: generation \(generation.number) is this policy, and the kernel holds it\n"
        )
    }

    private func answer(
        _ outcome: String,
        _ generation: JSONValue,
        _ plan: JSONValue,
        _ findings: [Diagnostic],
        _ notes: [String]
    ) {
        Terminal.output.answer(
            JSONValue.object([
                .init("outcome", .string(outcome)),
                .init("generation", generation),
                .init("plan", plan),
                .init("notes", .array(notes.map(JSONValue.string))),
                .init(JSONKey.findings, PolicyArgument.json(findings)),
            ])
        )
    }
}
