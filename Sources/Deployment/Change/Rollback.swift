import Compiler
import Diagnostics
package import Kernel
import Policy

/// The way to an earlier generation, found out without changing anything.
package struct Rollback: Sendable {
    package let folder: StateFolder
    /// Of the person who asks.
    package let session: LoginSession

    package init(in folder: StateFolder, for session: LoginSession) {
        (self.folder, self.session) = (folder, session)
    }

    /// The generation that was confirmed before the one that is; nil where there is none.
    package func previous() throws -> Int? {
        // What only followed DNS names belongs to the generation before it.
        try folder.confirmedNumbers().filter { try !folder.generation($0).kind.isRefresh }.dropLast().last
    }

    /// Why a rollback that names no generation does nothing where nothing waits: typed twice by accident, it would go
    /// below what was confirmed.
    package func refusal() throws -> ChangeError {
        var lines = ["nothing waits, so there is nothing to take back"]
        if let last = try folder.generationNumbers().last, folder.outcome(last) == .rolledBack {
            let reason = try folder.decision(last).map { ": \($0.reason)" } ?? ""
            lines[0] += "; generation \(last) was taken back already\(reason)"
        }
        if let live = try folder.confirmed() {
            lines.append("generation \(live) is the one that was confirmed")
        }
        guard try folder.confirmed() != nil else {
            lines.append("nothing was ever confirmed here")
            return .refused(lines.joined(separator: "\n"))
        }
        guard let previous = try previous() else {
            lines.append("there is no earlier generation to go back to")
            return .refused(lines.joined(separator: "\n"))
        }
        lines.append("do: to go back to the one before, name it: wallwright rollback --to \(previous)")
        lines.append("    wallwright rollback --to \(previous) --dry-run says what that would change")
        return .refused(lines.joined(separator: "\n"))
    }

    /// An earlier generation, to be live once more.
    package func proposal(to number: Int, force: Bool) async throws -> Proposal {
        let generation = try target(number)
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

    private func target(_ number: Int) throws -> Generation {
        guard try folder.generationNumbers().contains(number) else {
            throw ChangeError.refused("there is no generation \(number)\ndo: wallwright history lists them")
        }
        let generation = try folder.generation(number)
        guard generation.kind.isOurs else {
            throw ChangeError.refused(
                "generation \(number) restored rules of others\ndo: wallwright restore does that again"
            )
        }
        return generation
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
