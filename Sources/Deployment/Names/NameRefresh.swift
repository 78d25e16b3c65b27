import Compiler
package import Diagnostics
import Kernel
import PacketModel
import Policy

/// Asks for the DNS names of the live firewall once more and, where an answer changed, changes the elements that come
/// of it: by the way of every change, prepared on disk, guarded and read back, and confirmed by itself.
package struct NameRefresh: Sendable {
    /// What became of it.
    package enum Result: Sendable {
        /// Nothing that is live here is made of names.
        case needless
        /// All is as it was answered before.
        case same
        /// A new generation is live; a clause for each name.
        case changed(Int, [String])
    }

    package let result: Result
    /// What is to be said of the answers.
    package let diagnostics: [Diagnostic]

    /// The rules are seen back at once; the guard is for a process that dies on the way.
    private static let window = Duration.seconds(60)

    /// Throws where the new addresses must not become the firewall; then the old ones stay.
    package static func perform(state path: String) async throws -> NameRefresh {
        guard let folder = try StateFolder.existing(at: path), let number = try folder.confirmed(),
            case let generation = try folder.generation(number), let names = generation.names,
            try folder.placement(number)?.host == HostIdentity.current()
        else { return NameRefresh(result: .needless, diagnostics: []) }
        let hosts = names.map { HostName(name: $0.name, allowsPrivate: $0.allowsPrivate) }
        let lookup = await NameLookup.ask(hosts, kept: generation.answers)
        // A name that stood for nothing, and still does, is no reason to do nothing for the others.
        var warnings = lookup.diagnostics.map(\.asWarning)
        guard !Self.changes(from: generation.answers, to: lookup.addresses).isEmpty else {
            return NameRefresh(result: .same, diagnostics: warnings)
        }
        let answers = try Self.guarded(lookup.addresses, after: generation, in: folder)
        warnings += answers.diagnostics
        let changes = Self.changes(from: generation.answers, to: answers.addresses)
        guard !changes.isEmpty else { return NameRefresh(result: .same, diagnostics: warnings) }
        let operation = try await Operation.begin("wallwright refresh", state: path)
        let new = try await operation.refresh(number, answers.addresses, changes, within: window)
        return NameRefresh(result: .changed(new, changes), diagnostics: warnings)
    }

    /// The answers, without what would take the way to SSH from where it was proven.
    private static func guarded(
        _ answers: [String: [IPAddress]],
        after generation: Generation,
        in folder: StateFolder
    ) throws -> GuardedAnswers {
        guard let path = generation.policyPath, let policy = try folder.policy(generation.number) else {
            throw ChangeError.failed("the policy of generation \(generation.number) cannot be read any more")
        }
        let proven = try ProvenAddresses(in: folder)
        let guarded = GuardedAnswers(answers, after: generation, policy, at: path, proven)
        guard let first = guarded.lost.first else { return guarded }
        throw ChangeError.refused(
            "the new answers are not taken: they would take the way to SSH from \(first)\n"
                + "do: see which name is meant with  wallwright history  and take it out of the deny, or write "
                + "management:  from: \(first)"
        )
    }

    private static func changes(
        from old: [String: [IPAddress]],
        to new: [String: [IPAddress]]
    ) -> [String] {
        new.keys.sorted().filter { Set(new[$0] ?? []) != Set(old[$0] ?? []) }.map { name in
            let texts = (new[name] ?? []).map(\.description)
            let more = texts.count > 4 ? " and \(texts.count - 4) more" : ""
            return "\(name) is \(texts.prefix(4).joined(separator: ", "))\(more)"
        }
    }
}

extension Operation {
    /// Makes the confirmed generation anew with these answers; returns the number of the new one.
    fileprivate func refresh(
        _ number: Int,
        _ answers: [String: [IPAddress]],
        _ changes: [String],
        within window: Duration
    ) async throws -> Int {
        try requireNothingPending()
        guard try folder.confirmed() == number, try await folder.live() == number else {
            throw ChangeError.refused(
                "generation \(number) is not what the kernel holds; its DNS names stay as they are\n"
                    + "do: wallwright status"
            )
        }
        let generation = try folder.generation(number)
        guard let path = generation.policyPath, let old = try folder.policy(number) else {
            throw ChangeError.failed("the policy of generation \(number) cannot be read any more")
        }
        let (policy, diagnostics) = PolicyReader.read(again: old, path: path, hosts: answers)
        guard let policy else {
            throw ChangeError.refused(Self.words(diagnostics, "with the new answers the policy has errors"))
        }
        let preparation = try await Preparation(
            policy,
            at: path,
            on: generation.backend,
            state: folder.path,
            session: session
        )
        try requireManagementUncut(from: old, to: policy, preparation.facts)
        guard var proposal = preparation.proposal(force: false) else {
            let what = "the new answers are not taken: \(changes.joined(separator: "; "))"
            throw ChangeError.refused(Self.words(preparation.diagnostics(force: false), what))
        }
        proposal.kind = .refresh(changes: changes)
        // Nobody is there who would know which connections are meant to end.
        proposal.cuts = false
        proposal.elements = try folder.firewall(number, .after).nftables?.elementChange(from: old, to: policy)
        let committed = try await commit(try await preparation.tried(proposal), window: window)
        let confirmation = Confirmation(
            ticket: committed.generation.ticket,
            session: session,
            trustsOldSession: true,
            author: author
        )
        return try await confirmation.perform(in: folder, host: host, holding: lock).generation.number
    }

    /// Whoever answers for a name must not be able to end a session of SSH that lives.
    private func requireManagementUncut(from old: Policy, to new: Policy, _ facts: HostFacts) throws {
        let ends = facts.connections.filter { connection in
            connection.isInbound && facts.sshPorts.contains(connection.localPort)
                && new.judge(connection.approach).isDenial && !old.judge(connection.approach).isDenial
        }
        guard let first = ends.first else { return }
        throw ChangeError.refused(
            "the new answers are not taken: a deny would cut the SSH session from \(first.remote)\n"
                + "do: see which name is meant with  wallwright history  and take it out of the deny, or write "
                + "management:  from: \(first.remote)"
        )
    }

    private static func words(_ diagnostics: [Diagnostic], _ what: String) -> String {
        let errors = diagnostics.filter { $0.severity == .error }.map { "  \($0.message)" }
        return ([what] + errors).joined(separator: "\n")
    }
}

extension Judgement {
    fileprivate var isDenial: Bool {
        switch self {
        case .banned, .denied: true
        case .baseline, .containers, .admitted, .limited, .dropped, .rest: false
        }
    }
}
