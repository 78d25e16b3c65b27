import ArgumentParser
import Compiler
import Deployment
import Diagnostics
import Kernel
import Policy

/// `wallwright plan [POLICY]`
struct PlanCommand: HostCommand, JSONCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say what apply would change on this host, and change nothing.",
        discussion: """
            Compares the policy with the live firewall, and with what listens and is connected here; looks for \
            what would stand in the way.

            Example: sudo wallwright plan /etc/wallwright/policy.yaml
            """
    )

    @OptionGroup var argument: PolicyArgument
    @OptionGroup var option: StateOption
    @OptionGroup var backend: BackendOption

    @Flag(help: "Say what `apply --cut` would end.")
    var cut = false

    var json: Bool { argument.json }

    func runOnHost() async throws {
        let (policy, read) = try await argument.readAskingForNames(option)
        guard let policy, !read.hasErrors else {
            throw argument.refusal(read)
        }
        let preparation = try await Preparation(
            policy,
            at: argument.absolutePath,
            on: try backend.checked(against: policy),
            state: option.state,
            session: LoginSession.current(),
            cuts: cut
        )
        let findings = read + preparation.diagnostics(force: false)
        let open = WhatIsOpen.sentences(of: policy)
        if json {
            Terminal.output.answer(
                JSONValue.object([
                    .init("plan", preparation.plan.json),
                    .init("open", PlanSentence.json(open)),
                    .init("openings", Opening.json(preparation.openings)),
                    .init(JSONKey.findings, PolicyArgument.json(findings)),
                ])
            )
        } else {
            argument.report(findings)
            PlanText(preparation.plan, policy.fileName).write()
            if !preparation.plan.isFirst { OpenText(open, "what is open then").write() }
            OpeningsText(preparation.openings).write()
        }
        if findings.hasErrors { throw Failure(.refused, answer: .given) }
    }
}
