package import Diagnostics
package import Kernel
package import Policy
import SystemPackage

/// All that is found out before a policy is applied to this host. It changes nothing.
package struct Preparation: Sendable {
    /// What would change, in sentences.
    package let plan: ChangePlan
    /// What stands in the way whatever the person says.
    private let findings: [Diagnostic]
    /// What would shut the person out.
    private let lockouts: [Diagnostic]
    private let firewall: Firewall?
    private let backend: BackendKind
    private let policy: Policy
    private let path: String
    private let facts: HostFacts

    /// `wanted` is the backend that the person names, if they do.
    package init(
        _ policy: Policy,
        at path: String,
        on wanted: BackendKind?,
        state: String,
        session: LoginSession
    ) async throws {
        self.policy = policy
        self.path = path
        facts = await HostFacts.read(session: session)
        let (backend, found) = await Self.choose(wanted, for: policy, state: state)
        var findings = found
        do {
            firewall = try Firewall(policy, backend, usesIpset: Tool.isInstalled("ipset"))
        } catch {
            findings.append(error)
            firewall = nil
        }
        self.backend = backend
        findings += policy.containerDiagnostics(present: facts.bridges)
        self.findings = findings
        var lockouts = policy.managementDiagnostics(listening: facts.sshPorts)
        if let connection = facts.session.connection {
            lockouts += policy.sessionDiagnostics(
                remote: connection.remote,
                local: connection.local,
                port: connection.localPort,
                interface: connection.interface
            )
        }
        self.lockouts = lockouts
        let folder = try StateFolder.existing(at: state)
        // Where the kernel must not be asked, nothing is known to be live.
        let live = found.hasErrors ? nil : try await folder?.live()
        plan = ChangePlan(
            from: try live.flatMap { try folder?.policy($0) },
            to: policy,
            listeners: facts.listeners,
            connections: facts.connections,
            session: facts.session
        )
    }

    /// The first backend that nothing stands in the way of, and what there is to say of it; where something stands in
    /// the way of each, the first that could be meant.
    private static func choose(
        _ wanted: BackendKind?,
        for policy: Policy,
        state: String
    ) async -> (BackendKind, [Diagnostic]) {
        let suitable = BackendKind.inOrder.filter { $0.suits(policy) }
        let possible = wanted.map { [$0] } ?? suitable.filter(\.isInstalled)
        var first: (BackendKind, [Diagnostic])?
        for backend in possible.isEmpty ? Array(suitable.prefix(1)) : possible {
            let findings = await Preflight.diagnostics(for: backend, state: state)
            if !findings.hasErrors { return (backend, findings) }
            first = first ?? (backend, findings)
        }
        return first ?? (.nftables, [])
    }

    /// What is to be said before it goes on; errors stop it.
    package func diagnostics(force: Bool) -> [Diagnostic] {
        findings + (force ? lockouts.map(\.asWarning) : lockouts)
    }

    /// What can be committed; nil when something stands in the way.
    package func proposal(force: Bool) -> Proposal? {
        guard !diagnostics(force: force).hasErrors, let firewall else { return nil }
        return Proposal(
            .apply,
            firewall,
            backend: backend,
            policyPath: path,
            policy: policy,
            connections: plan.connections.admitted,
            session: facts.session,
            managementPorts: facts.sshPorts
        )
    }

    /// Throws when the rules, tried in a copy, do not let a login in: one like this session, or where there is none one
    /// that the policy admits.
    package func probe(_ proposal: Proposal, force: Bool) async throws {
        guard !force,
            let connection = facts.session.connection ?? SelfProbe.login(under: policy, to: facts.sshPorts),
            try await SelfProbe.admits(proposal.firewall, connection) == false
        else { return }
        throw ChangeError.refused(
            "tried in a copy, the rules do not let a login from \(connection.remote) to port \(connection.localPort) "
                + "in, though the policy says so; nothing was changed\n"
                + "this is a mistake of Wallwright: please report it with the policy"
        )
    }
}

extension Preflight {
    /// For a backend of this host.
    package static func diagnostics(for backend: BackendKind, state: String) async -> [Diagnostic] {
        let way: PreflightRequest.Backend = backend.variant.map { .iptables($0) } ?? .nftables
        return await diagnostics(for: PreflightRequest(backend: way, stateFolder: FilePath(state)))
    }
}

extension Diagnostic {
    /// The same, for a person who knows.
    fileprivate var asWarning: Diagnostic {
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
