import Compiler
import FoundationEssentials
package import Kernel
package import Policy

/// How the firewall of this host stands.
package struct HostStatus: Sendable {
    /// A generation and what is known of it.
    package struct Standing: Sendable {
        package let generation: Generation
        package let outcome: Generation.Outcome
        /// Where it was loaded last; nil for one that is not in a kernel yet.
        package let placement: Placement?
        package let decision: Decision?
        /// Seconds until it is taken back; nil for one that is decided.
        package let secondsLeft: Int?
        package let isGuarded: Bool
    }

    /// What was counted for a line of the policy, or a part of the baseline.
    package struct Count: Sendable {
        /// `policy.yaml:7 allow ssh`
        package let line: String
        package let packets: UInt64
        package let bytes: UInt64
        /// A line of the policy; else a part of the baseline, or what no line admits.
        package let isOfPolicy: Bool
    }

    /// Whether the kernel holds what was applied.
    package enum Agreement: Sendable {
        case holds
        /// Nothing of ours is to be there, and nothing is.
        case bare
        /// A boot found nothing better than the firewall of last resort.
        case minimum
        /// What is otherwise, in sentences.
        case differs([String])
        /// It was applied in another boot, or another network namespace.
        case elsewhere(String)
    }

    /// The generation that should be in the kernel: the one that waits, or the one that was confirmed last.
    package let standing: Standing?
    /// A generation that its apply left behind before anybody guarded it; the next command takes it away.
    package let interrupted: Int?
    package let kernel: Agreement
    /// In the order of the policy, those of the baseline last.
    package let counts: [Count]
    package let fills: [FirewallCounters.Fill]
    package let bans: [BanList.Entry]
    /// The kernel holds just these.
    package let areBansHeld: Bool
    package let isWatched: Bool
    /// What of the generation's files is not as it was written; nil when all is.
    package let damage: String?
    /// What the next boot loads.
    package let boot: PersistenceStatus
    /// Somebody who takes away again and again what the watch puts back; nil where nobody does.
    package let fight: Fight?
    /// Who else opens what here.
    package let openings: [Opening]
    /// What the policy of the generation lets pass now; empty where there is none.
    package let open: [PlanSentence]
    /// Where what is logged goes; nil where there is no policy.
    package let log: LogSettings?
    /// Whether the policy file is what is applied; nil where there is none.
    package let file: AppliedFile?
    /// What the watch did lately, oldest first.
    package let events: [String]

    /// Nothing needs anybody's hand.
    package var isSound: Bool {
        guard areBansHeld && boot.problems.isEmpty && damage == nil && fight == nil else { return false }
        switch kernel {
        case .holds: return isWatched && (standing.map { $0.outcome == .confirmed || $0.isGuarded } ?? true)
        case .bare: return true
        case .minimum, .differs, .elsewhere: return false
        }
    }

    package static func read(state path: String) async throws -> HostStatus {
        let live = HostFirewall()
        guard let folder = try StateFolder.existing(at: path) else {
            let isThere = try await !live.listing().isEmpty
            let strange = "rules of Wallwright are in the kernel, and \(path) has no record of them"
            return HostStatus(
                standing: nil,
                interrupted: nil,
                kernel: isThere ? .differs([strange]) : .bare,
                counts: [],
                fills: [],
                bans: [],
                areBansHeld: true,
                isWatched: false,
                damage: nil,
                boot: try await PersistenceStatus.read(state: path),
                fight: nil,
                openings: await Openings.read(state: path, comparing: nil).all,
                open: [],
                log: nil,
                file: nil,
                events: []
            )
        }
        let interrupted = try interrupted(in: folder)
        let wanted = try interrupted == nil ? folder.undecided() ?? folder.confirmed() : folder.confirmed()
        let standing = try standing(wanted, in: folder)
        let counters = try await live.counters()
        let list = try BanList.read(from: folder)
        let (policy, damage) = files(of: standing, in: folder)
        return HostStatus(
            standing: standing,
            interrupted: interrupted,
            kernel: MinimumPolicy.hasCounted(counters) ? .minimum : try await kernel(standing, in: folder),
            counts: counts(counters, policy),
            fills: counters.fills.sorted { ($0.comment, $0.size) < ($1.comment, $1.size) },
            bans: list.entries.filter { !$0.isOver(at: .now) },
            areBansHeld: try await HostBans().differences(from: list.bans(), on: list.backend).isEmpty,
            isWatched: Seat.watching(folder)?.isTaken ?? false,
            damage: damage,
            boot: try await PersistenceStatus.read(state: path),
            fight: try Fight.read(from: folder),
            openings: await Openings.read(state: path, comparing: policy).all,
            open: policy.map(WhatIsOpen.sentences) ?? [],
            log: policy?.log,
            file: damage == nil
                ? try standing.flatMap { try AppliedFile.read($0.generation.number, in: folder) } : nil,
            events: try EventLog.ofWatch(in: folder).last(3)
        )
    }

    private static func kernel(_ standing: Standing?, in folder: StateFolder) async throws -> Agreement {
        let expected = standing?.placement?.digest ?? FirewallListing().digest
        let listing: FirewallListing
        do {
            listing = try await folder.liveListing(of: standing?.generation, expecting: expected)
        } catch let error as ChangeError {
            return .differs(["what it is cannot be told: \(error)"])
        }
        guard let standing else {
            return listing.isEmpty
                ? .bare : .differs(["rules of Wallwright are in the kernel that no generation here made"])
        }
        let generation = standing.generation
        let here = try HostIdentity.current()
        let host = standing.placement?.host ?? generation.host
        if generation.kind == .remove && listing.isEmpty { return .bare }
        // Where another way than `wallwright boot` loads a copy, nobody writes down that it did.
        if let digest = standing.placement?.digest, listing.holds(digest) { return .holds }
        if host.boot != here.boot {
            return .elsewhere("the machine was restarted since, and it was not loaded again")
        }
        if host.namespace != here.namespace {
            return .elsewhere("it is in network namespace \(host.namespace), not in this one")
        }
        do {
            let rules = try folder.rules(generation.number, .after)
            let faults = try await FirewallAgreement(rules, digest: expected).faults(of: listing)
            return faults.isEmpty ? .holds : .differs(faults)
        } catch {
            return .differs(["what it is cannot be told: \(error)"])
        }
    }

    /// The policy of the generation, and what is wrong with its files.
    private static func files(of standing: Standing?, in folder: StateFolder) -> (Policy?, String?) {
        guard let number = standing?.generation.number else { return (nil, nil) }
        do {
            _ = try folder.rules(number, .after)
            return (try folder.policy(number), nil)
        } catch {
            return (nil, "\(error)")
        }
    }

    /// Each line of the policy, also where it counted nothing; then what else counted.
    private static func counts(_ counters: FirewallCounters, _ policy: Policy?) -> [Count] {
        let lines = policy.map { policy in
            (policy.lines.map(\.origin) + (policy.containers?.published.map(\.origin) ?? []))
                .map(policy.comment)
        }
        var known: Set<String> = []
        let ordered = (lines ?? []).filter { known.insert($0).inserted }
        let rest = counters.counts.keys.filter { !known.contains($0) }.sorted()
        return (ordered + rest).map { line in
            let count = counters.counts[line]
            return Count(
                line: line,
                packets: count?.packets ?? 0,
                bytes: count?.bytes ?? 0,
                isOfPolicy: known.contains(line)
            )
        }
    }
}
