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
        let confirmed = try folder.generationNumbers().filter { folder.outcome($0) == .confirmed }
        let number: Int
        if let wanted {
            guard try folder.generationNumbers().contains(wanted) else {
                throw ChangeError.refused(
                    "there is no generation \(wanted)\ndo: wallwright history lists them"
                )
            }
            number = wanted
        } else {
            guard let previous = confirmed.dropLast().last else {
                throw ChangeError.refused(
                    "there is no earlier generation to go back to\ndo: wallwright remove takes ours away altogether"
                )
            }
            number = previous
        }
        let generation = try folder.generation(number)
        let firewall = try folder.firewall(number, .after)
        let policy = try folder.policy(number)
        let facts = await HostFacts.read(session: session)
        try await checkAccess(firewall, number, facts, force: force)
        return Proposal(
            generation.kind == .remove ? .remove : .rollback(to: number),
            firewall,
            backend: generation.backend,
            policyPath: generation.policyPath,
            policy: policy,
            connections: policy.map { ConnectionVerdict(facts.connections, under: $0).admitted } ?? [],
            session: facts.session,
            managementPorts: facts.sshPorts
        )
    }

    private func checkAccess(
        _ firewall: Firewall,
        _ number: Int,
        _ facts: HostFacts,
        force: Bool
    ) async throws {
        guard !force, let connection = facts.session.connection,
            try await SelfProbe.admits(firewall, connection) == false
        else { return }
        throw ChangeError.refused(
            "generation \(number) does not let a login from \(connection.remote) to port \(connection.localPort) in: "
                + "it was tried in a copy\ndo: go back to another one, or add --force if you have a console"
        )
    }
}

extension StateFolder {
    /// The generation that was confirmed last, when the kernel of this namespace holds it.
    package func live() async throws -> Int? {
        guard let number = try confirmed(), let digest = try placement(number)?.digest,
            try await HostFirewall().listing(expecting: digest).digest == digest
        else { return nil }
        return number
    }
}
