import Diagnostics
package import Kernel
package import Policy

/// What a change would not change, and where it would lead back.
extension Operation {
    /// The generation that is this firewall, when the kernel holds it; nil when there is something to do.
    package func isLive(_ firewall: Firewall) async throws -> Int? {
        guard let number = try await folder.live(), try folder.firewall(number, .after) == firewall else {
            return nil
        }
        return number
    }

    /// The same of what a proposal is.
    package func isLive(_ proposal: Proposal) async throws -> Int? {
        guard let firewall = proposal.rules.firewall else { return nil }
        return try await isLive(firewall)
    }

    /// The generation that is this policy, by the backend that is named if one is, when the kernel holds it.
    package func unchanged(_ policy: Policy, on wanted: BackendKind?) async throws -> Int? {
        guard let number = try folder.confirmed(), let backend = try folder.generation(number).backend,
            backend.suits(policy), backend.isInstalled, wanted == nil || wanted == backend
        else { return nil }
        do {
            return try await isLive(try Firewall(policy, backend, usesIpset: Tool.isInstalled("ipset")))
        } catch is Diagnostic {
            // What cannot be compiled for it is no generation.
            return nil
        }
    }

    /// Whether nothing of ours is in the kernel, bans neither.
    package func isBare() async throws -> Bool {
        try await HostFirewall().listing().isEmpty && BanList.read(from: folder).entries.isEmpty
    }

    /// An earlier generation, to be live once more; without a number the one that was confirmed before the live one.
    package func earlier(_ wanted: Int?, force: Bool) async throws -> Proposal {
        let confirmed = try folder.confirmedNumbers()
        let number: Int
        if let wanted {
            guard try folder.generationNumbers().contains(wanted) else {
                throw ChangeError.refused(
                    "there is no generation \(wanted)\ndo: wallwright history lists them"
                )
            }
            number = wanted
        } else {
            // What only followed DNS names belongs to the generation before it.
            let steps = try confirmed.filter { try !folder.generation($0).kind.isRefresh }
            guard let previous = steps.dropLast().last else {
                throw ChangeError.refused(
                    "there is no earlier generation to go back to\ndo: wallwright remove takes ours away altogether"
                )
            }
            number = previous
        }
        let generation = try folder.generation(number)
        guard generation.kind.isOurs else {
            throw ChangeError.refused(
                "generation \(number) restored rules of others\ndo: wallwright restore does that again"
            )
        }
        let firewall: Firewall
        do {
            firewall = try folder.firewall(number, .after)
        } catch {
            throw ChangeError.failed(
                "\(error)\ndo: go to another one with --to; wallwright history lists them"
            )
        }
        let policy = try folder.policy(number)
        let facts = try await HostFacts.read(session: session)
        return Proposal(
            generation.kind == .remove ? .remove : .rollback(to: number),
            .ours(firewall),
            backend: generation.backend,
            policyPath: generation.policyPath,
            policy: policy,
            connections: policy.map { ConnectionVerdict(facts.connections, under: $0).admitted } ?? [],
            session: facts.session,
            trial: force ? .notNeeded : try await checkAccess(firewall, policy, facts),
            managementPorts: facts.sshPorts,
            cuts: policy?.endsStrays ?? false
        )
    }

    /// Throws when SSH, or the person's session, would be shut out.
    private func checkAccess(
        _ firewall: Firewall,
        _ policy: Policy?,
        _ facts: HostFacts
    ) async throws -> Proposal.Trial {
        let lockouts = policy?.managementDiagnostics(listening: facts.sshPorts) ?? []
        if let first = lockouts.first(where: { $0.severity == .error }) {
            throw ChangeError.refused(
                "\(first.message); nothing was changed\n"
                    + "do: go back to another generation, or add --force if you have a console"
            )
        }
        return try await SelfProbe.trial(of: firewall, under: policy, for: facts)
    }
}

extension StateFolder {
    /// The generation that was confirmed last, or that waits if that counts too, when the kernel of this namespace holds
    /// it.
    package func live(waiting: Bool = false) async throws -> Int? {
        guard let number = try waiting ? current() : confirmed(),
            let digest = try placement(number)?.digest,
            try await FirewallAgreement(rules(number, .after), digest: digest).faults().isEmpty
        else { return nil }
        return number
    }
}
