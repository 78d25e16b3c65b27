package import Compiler
package import Diagnostics
package import Kernel
import PacketModel

/// All that is found out before saved rules are put back into this kernel. It changes nothing.
package struct Restoration: Sendable {
    package let plan: RestorePlan
    /// What stands in the way, and what is to be known.
    package let diagnostics: [Diagnostic]
    /// Logins that get in now, and would not any more.
    private let shutOut: [String]
    private let rules: OthersRules
    private let places: [String]
    private let trial: Proposal.Trial
    private let facts: HostFacts

    /// With `everyone` also what some owners write anew by themselves is restored. `variant` are the tools that the host
    /// calls `iptables`, unless it is given.
    package init(
        from files: SavedFiles,
        everyone: Bool,
        variant: IptablesVariant? = nil,
        state: String,
        session: LoginSession
    ) async throws {
        let tools = try await IptablesVariant.ofThisHost()
        facts = try await HostFacts.read(session: session)
        places = files.all.map(\.place)
        let (saved, leftOut) = try await DryLoad(for: nil, variant ?? tools).rules(files, everyone: everyone)
        rules = try await OthersFirewall().leavingPolicies(saved)
        guard !rules.isEmpty else {
            throw ChangeError.refused(
                "nothing to restore: there is no rule, no table and no set in \(places.joined(separator: ", "))"
            )
        }
        if let strange = try await Self.tablesOfIptables(rules).first {
            throw ChangeError.refused(
                "table \(strange) is kept by iptables here, and its rules would be lost; nothing was changed\n"
                    + "do: take it out of \(files.tables?.place ?? "the file")"
            )
        }
        diagnostics = await Self.preflight(rules, state: state)
        let live = try await OthersFirewall().installed(at: rules)
        let expected = try await OthersFirewall.expectedListing(of: rules)
        let listing = try await OthersFirewall().listing(of: rules)
        func parts(_ listing: FirewallListing, _ table: String) -> [FirewallListing.Part] {
            listing.parts.filter { $0.name.hasSuffix(" of table \(table)") }
        }
        plan = RestorePlan(
            from: live,
            to: rules,
            isTableChanged: { parts(listing, $0) != parts(expected, $0) },
            keeping: leftOut
        )
        (trial, shutOut) = try await Self.tried(rules, facts)
    }

    /// What can be committed; throws when it would shut somebody out who gets in now.
    package func proposal(force: Bool) throws -> Proposal {
        if let first = shutOut.first, !force {
            throw ChangeError.refused(
                "tried in a copy, the saved rules let no login \(first) in; nothing was changed\n"
                    + "do: mend the rules and wallwright save them, or add --force if you have a console"
            )
        }
        return Proposal(
            .restore(from: places),
            .others(rules),
            session: facts.session,
            trial: force ? .notNeeded : trial,
            managementPorts: facts.sshPorts
        )
    }

    private static func preflight(_ rules: OthersRules, state: String) async -> [Diagnostic] {
        var backends: [BackendKind] = rules.tables.isEmpty ? [] : [.nftables]
        if !rules.chains.isEmpty || backends.isEmpty { backends.append(BackendKind(rules.variant)) }
        var found: [Diagnostic] = []
        for backend in backends {
            let request = PreflightRequest(backend, state: state)
            for diagnostic in await Preflight.diagnostics(for: request)
            where !found.contains(where: { $0.code == diagnostic.code }) {
                found.append(diagnostic)
            }
        }
        return found
    }

    private static func tablesOfIptables(_ rules: OthersRules) async throws -> [String] {
        guard !rules.tables.isEmpty else { return [] }
        let live = try await LiveRules.read(in: nil).tables.filter(\.isOfIptables).map(\.name)
        return rules.tables.map(\.name).filter(live.contains)
    }

    /// Tries logins in a copy of this host before and after; only one that gets in now tells something.
    private static func tried(_ rules: OthersRules, _ facts: HostFacts) async throws -> (
        Proposal.Trial, [String]
    ) {
        let copy: HostCopy
        do {
            copy = try await HostCopy.make(of: nil, for: facts)
        } catch {
            // Without a copy nothing is known; the change is guarded all the same.
            return (.impossible, [])
        }
        let before = try await copy.admitted()
        try await copy.install(rules)
        let after = try await copy.admitted()
        let shut = before.filter { !after.contains($0) }.map { "from \($0.client) to \($0.server)" }
        return (after.isEmpty ? .impossible : .passed, shut)
    }
}

extension IptablesVariant {
    /// The one that this host calls `iptables`.
    static func ofThisHost() async throws -> IptablesVariant {
        guard Tool.isInstalled("iptables") else { return .nft }
        return try await Tool(named: "iptables").run(["--version"], text: "").contains("nf_tables")
            ? .nft : .legacy
    }
}

extension OthersRules.Part {
    /// A set by content.
    var listed: [FirewallListing.Part] { text.map { IpsetListing.parts($0) } ?? [] }
    /// How many elements a set has.
    var elements: Int { text?.split(separator: "\n").count { $0.hasPrefix("add ") } ?? 0 }
}
