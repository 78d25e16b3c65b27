import Compiler
import Diagnostics
import FoundationEssentials
import Kernel
import PacketModel
import Policy

/// The transaction that changes the firewall of a host: prepared on disk, guarded, committed, read back, and then
/// waiting for its confirmation.
package struct Change: Sendable {
    let folder: StateFolder
    let host: HostIdentity
    let guards: GuardLauncher
    let lock: ChangeLock
    let author: Author

    /// The caller holds the lock and has recovered what was left behind.
    package init(
        in folder: StateFolder,
        host: HostIdentity,
        guards: GuardLauncher,
        holding lock: ChangeLock,
        by author: Author
    ) {
        self.folder = folder
        self.host = host
        self.guards = guards
        self.lock = lock
        self.author = author
    }

    /// What a generation became.
    package struct Committed: Sendable {
        package let generation: Generation
        package let commitment: Commitment
        /// What went otherwise than it should, and does not matter to the person who did it.
        package let note: String?
        /// How many connections were ended that could not begin anew.
        package let ended: Int
    }

    /// Puts the proposal into the kernel, to stay for `window` unless it is confirmed.
    ///
    /// When it throws, the firewall from before stands, or its guard is bringing it back.
    package func commit(_ proposal: Proposal, window: Duration) async throws -> Committed {
        // What the kernel will list is found out first, where a mistake costs nothing.
        let expected: FirewallListing
        if let known = proposal.expected {
            expected = known
        } else {
            let start = BootClock.now
            expected = try await proposal.rules.expectedListing()
            if let slow = LoadTime.diagnostic(BootClock.now - start) {
                throw ChangeError.refused(
                    "\(slow.message); nothing was changed" + (slow.fix.map { "\ndo: \($0)" } ?? "")
                )
            }
        }
        let (before, listing) = try await wayBack(from: proposal.rules)
        let generation = Generation(
            number: (try folder.generationNumbers().last ?? 0) + 1,
            kind: proposal.kind,
            created: .now,
            author: author,
            host: host,
            digestBefore: listing.digest,
            policyPath: proposal.policyPath,
            setFiles: proposal.policy?.setFiles.map(\.name) ?? [],
            names: proposal.policy.flatMap(AnsweredName.all),
            backend: proposal.backend,
            code: Generation.newCode(),
            managementPorts: proposal.managementPorts,
            managementAddresses: proposal.policy?.managementPrefixes.map(\.description) ?? []
        )
        try folder.prune()
        try folder.prepare(generation, after: proposal.rules, before: before, policy: proposal.policy)
        do {
            try await guards.start(for: generation)
            var note = try await adopt(proposal)
            try requirePending(generation)
            try folder.begin(generation.number)
            try await put(proposal)
            note = await adoptLate(proposal) ?? note
            // What stands now was let in by other rules, or nobody can tell: it proves nothing later.
            let ports = Set(proposal.managementPorts)
            let earlier = try await NetworkNamespace.run(in: nil) {
                try EarlierConnections.read(preferring: ports)
            }
            try folder.note(earlier, of: generation.number)
            try await readBack(expected, of: proposal.rules)
            var ended = 0
            do { ended = try await cut(proposal) } catch {
                note = "connections that the policy would refuse stay: \(error)"
            }
            // Only a login that begins after this moment was let in by the new rules.
            let committed = BootClock.now
            let commitment = Commitment(
                time: .now,
                committed: committed.inSeconds,
                deadline: (committed + window).inSeconds,
                digest: expected.digest
            )
            try folder.commit(generation.number, commitment)
            try requirePending(generation)
            return Committed(generation: generation, commitment: commitment, note: note, ended: ended)
        } catch {
            try await goBack(
                TakeBack(
                    folder: folder,
                    number: generation.number,
                    before: before,
                    after: proposal.rules,
                    digestBefore: listing.digest
                ),
                because: error
            )
        }
    }

    /// Elements alone where no more changes; where the kernel does not take such a step, all of it.
    private func put(_ proposal: Proposal) async throws {
        let host = HostFirewall(holding: lock.descriptor)
        if let elements = proposal.elements {
            do { return try await host.change(elements) } catch is CommitError {}
        }
        try await proposal.rules.install(holding: lock.descriptor)
    }

    /// The guard may have lost patience with a commit that was stopped on its way.
    private func requirePending(_ generation: Generation) throws {
        guard folder.outcome(generation.number) == .pending else {
            throw ChangeError.failed("the guard took generation \(generation.number) back meanwhile")
        }
    }

    /// Throws always: what went wrong, and what stands now.
    private func goBack(_ takeBack: TakeBack, because error: any Error) async throws -> Never {
        let doubts: [String]
        do {
            doubts = try await takeBack.perform("\(error)", by: author, holding: lock).doubts
        } catch let second {
            throw ChangeError.failed(
                "\(error)\nthe firewall from before is not back yet: \(second)\n"
                    + "the guard goes on trying; see \(EventLog.ofGuard(takeBack.number, in: folder).place)"
            )
        }
        let notes = doubts.map { "\nnote: \($0)" }.joined()
        throw ChangeError.failed("\(error)\nthe earlier firewall is still in place\(notes)")
    }

    /// What stands where the change reaches, and how the kernel lists it.
    private func wayBack(from rules: ChangedRules) async throws -> (ChangedRules, FirewallListing) {
        switch rules {
        case .ours:
            let listing = try await HostFirewall().listing()
            return (.ours(try await wayBack(to: listing)), listing)
        case .others(let rules):
            let before = ChangedRules.others(try await OthersFirewall().installed(at: rules))
            let listing = try await before.liveListing()
            // The listings of tools leave things out: it is tried whether this one leads back.
            let differences = try await before.expectedListing().differences(from: listing)
            guard let first = differences.first else { return (before, listing) }
            throw ChangeError.failed("what is live could not be put back: \(first); nothing was changed")
        }
    }

    /// What is of ours in the kernel: the text of the generation that is there, or else what the kernel lists.
    private func wayBack(to listing: FirewallListing) async throws -> Firewall {
        if listing.isEmpty { return .none }
        if let number = try folder.confirmed(),
            try folder.placement(number)?.digest == listing.digest
        {
            return try folder.firewall(number, .after)
        }
        return try await HostFirewall().installed()
    }

    /// A host that tracked no connections until now would take the ones that live for new ones. The person's own must
    /// be known; where another is refused, there is something to say.
    private func adopt(_ proposal: Proposal) async throws -> String? {
        let own = proposal.connections.filter { proposal.session?.connection?.isSame(as: $0) == true }
        let others = proposal.connections.filter { !own.contains($0) }
        return try await NetworkNamespace.run(in: nil) {
            _ = try ConnectionTracking.adopt(own)
            do {
                _ = try ConnectionTracking.adopt(others)
                return nil
            } catch {
                return
                    "a connection that lives could not be told to connection tracking, and may be cut: \(error)"
            }
        }
    }

    /// Looks once more: what began between the look at the host and the commit is in no list yet, and its next packet
    /// would be a new one. Those that are known already stay as they are.
    private func adoptLate(_ proposal: Proposal) async -> String? {
        guard let policy = proposal.policy else { return nil }
        do {
            return try await NetworkNamespace.run(in: nil) {
                let admitted = try ConnectionVerdict(
                    SocketTable.readWithoutPrograms().connections,
                    under: policy
                ).admitted
                _ = try ConnectionTracking.adopt(admitted)
                return nil
            }
        } catch {
            return "a connection that began just now may be cut: \(error)"
        }
    }

    /// Only after the commit, and when the kernel holds what was meant: a connection that is forgotten begins anew with
    /// its next packet, under whatever rules stand then.
    private func cut(_ proposal: Proposal) async throws -> Int {
        guard proposal.cuts, let policy = proposal.policy else { return 0 }
        return try await StrayConnections.end(under: policy, sparing: proposal.session)
    }

    private func readBack(_ expected: FirewallListing, of rules: ChangedRules) async throws {
        let differences = try await rules.liveListing(expecting: expected.digest)
            .differences(from: expected)
        guard !differences.isEmpty else { return }
        let shown = differences.prefix(8).map { "  \($0)" }
        let more = differences.count > shown.count ? ["  and \(differences.count - shown.count) more"] : []
        throw ChangeError.failed(
            (["what the kernel holds is not what was meant:"] + shown + more).joined(separator: "\n")
        )
    }
}
