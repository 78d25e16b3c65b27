package import Compiler
package import Diagnostics
package import Kernel
package import Policy

/// All that is found out before a policy is applied to this host. It changes nothing.
package struct Preparation: Sendable {
    /// What would change, in sentences.
    package let plan: ChangePlan
    /// Who else opens what here.
    package let openings: [Opening]
    /// What stands in the way whatever the person says.
    private let findings: [Diagnostic]
    /// What would shut the person out.
    private let lockouts: [Diagnostic]
    private let firewall: Firewall?
    /// What the kernel lists that holds the firewall; nil where only the change itself can tell.
    private let expected: FirewallListing?
    private let backend: BackendKind
    private let policy: Policy
    private let path: String
    let facts: HostFacts
    /// The connections that could not begin anew are to be ended.
    private let cuts: Bool

    /// `wanted` is the backend that the person names, if they do; `cuts` whether they want connections that could not
    /// begin anew to end.
    package init(
        _ policy: Policy,
        at path: String,
        on wanted: BackendKind?,
        state: String,
        session: LoginSession,
        cuts: Bool = false
    ) async throws {
        self.policy = policy
        self.path = path
        self.cuts = cuts || policy.endsStrays
        facts = try await HostFacts.read(session: session)
        let choice = await BackendChoice.make(wanted, for: policy, state: state)
        (backend, firewall, expected) = (choice.backend, choice.firewall, choice.expected)
        if !choice.findings.hasErrors { try Operation.requirePlace(of: state) }
        let folder = try StateFolder.existing(at: state)
        let moves = wanted == nil ? folder.map(choice.change) ?? [] : []
        var findings =
            try choice.diagnostics + moves + policy.containerDiagnostics(present: facts.bridges)
            + (folder?.waitingDiagnostics() ?? [])
        var lockouts = Self.lockouts(policy, facts)
        if let folder { lockouts += policy.banDiagnostics(try BanList.read(from: folder), facts.session) }
        self.lockouts = lockouts
        let strays: StrayConnections
        do {
            strays = try await StrayConnections.read(under: policy, sparing: self.cuts ? facts.session : nil)
        } catch {
            strays = .none
            findings.append(
                .unread("connections that the kernel knows and the policy would not admit", "\(error)")
            )
        }
        self.findings = findings
        // Where the kernel must not be asked, nothing is known to be live.
        let live = choice.findings.hasErrors ? nil : try await folder?.live(waiting: true)
        let others = choice.findings.hasErrors ? nil : await Openings.read(state: state, comparing: policy)
        openings = others?.all ?? []
        plan = ChangePlan(
            from: try live.flatMap { try folder?.policy($0) },
            to: policy,
            listeners: facts.listeners,
            connections: facts.connections,
            strays: strays,
            endingStrays: cuts,
            session: facts.session,
            raw: facts.rawListeners,
            translations: others?.translations ?? []
        )
    }

    /// What would shut SSH, or the person's own session, out.
    package static func lockouts(_ policy: Policy, _ facts: HostFacts) -> [Diagnostic] {
        var diagnostics = policy.managementDiagnostics(listening: facts.sshPorts)
        if let problem = facts.session.problem { diagnostics.append(.unknownSession(problem)) }
        guard let connection = facts.session.connection else { return diagnostics }
        if let doubt = facts.path.doubt(under: policy) {
            diagnostics.append(
                Diagnostic(
                    doubt.isCertain ? .error : .warning,
                    code: "policy.session.tunnel",
                    doubt.reason,
                    fix: doubt.fix
                )
            )
        }
        return diagnostics
            + policy.sessionDiagnostics(
                remote: connection.remote,
                local: connection.local,
                port: connection.localPort,
                interface: connection.interface
            )
    }

    /// What is to be said before it goes on; errors stop it.
    package func diagnostics(force: Bool) -> [Diagnostic] {
        findings + (force ? lockouts.map(\.asWarning) : lockouts)
    }

    /// What can be committed; nil when something stands in the way.
    package func proposal(force: Bool) -> Proposal? {
        guard !diagnostics(force: force).hasErrors, let firewall else { return nil }
        var proposal = Proposal(
            .apply,
            .ours(firewall),
            backend: backend,
            policyPath: path,
            policy: policy,
            connections: plan.connections.admitted,
            session: facts.session,
            managementPorts: facts.sshPorts,
            cuts: cuts
        )
        proposal.expected = expected
        return proposal
    }

    /// Tries a login in a copy of the rules: one like this session, or where there is none one that the policy admits.
    /// Throws when it does not get in.
    package func tried(_ proposal: Proposal) async throws -> Proposal {
        var proposal = proposal
        guard let firewall else { return proposal }
        proposal.trial = try await SelfProbe.trial(of: firewall, under: policy, for: facts)
        return proposal
    }
}

extension Diagnostic {
    /// A session that nobody sees cannot be kept.
    fileprivate static func unknownSession(_ problem: String) -> Diagnostic {
        Diagnostic(
            code: "policy.session.unknown",
            "whether your session could log in again is not known: \(problem)",
            fix: "mend that, or add --force if you have a console"
        )
    }

    /// The same, for a person who knows.
    var asWarning: Diagnostic {
        Diagnostic(
            severity == .error ? .warning : severity,
            code: code,
            message,
            at: primary,
            also: secondary,
            notes: notes,
            fix: fix
        )
    }
}
