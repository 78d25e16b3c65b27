import Compiler
import Kernel
import PacketModel
import SystemPackage

/// The rules of others in one network namespace, as far as some ``OthersRules`` name them.
struct OthersFirewall: Sendable {
    let namespace: NetworkNamespace?
    let lock: FileDescriptor?
    /// Of the tools that change the kernel.
    let limits: Tool.Limits

    /// The caller's namespace when none is given. The tools that change the kernel hold the lock, if there is one.
    init(
        in namespace: NetworkNamespace? = nil,
        holding lock: FileDescriptor? = nil,
        limits: Tool.Limits = Tool.Limits()
    ) {
        self.namespace = namespace
        self.lock = lock
        self.limits = limits
    }

    /// What stands at the places of these rules now, as something that can be installed again.
    func installed(at rules: OthersRules) async throws -> OthersRules {
        var result = rules
        result.chains = []
        for family in rules.families {
            result.chains += rules.chains(in: try await chains(family, rules.variant), family)
        }
        if !rules.sets.isEmpty {
            // Of the sets of others that are not named here, only the names are read.
            let ipset = try Tool(named: "ipset")
            let names = try await ipset.run(["list", "-name"], text: "", in: namespace).split(separator: "\n")
            result.sets = []
            for set in rules.sets {
                let isThere = names.contains(Substring(set.name))
                let saved = isThere ? try await ipset.run(["save", set.name], text: "", in: namespace) : ""
                result.sets.append(.init(name: set.name, text: SavedSets(saved)[set.name]))
            }
        }
        if !rules.tables.isEmpty {
            let names = try await tableNames()
            result.tables = []
            for table in rules.tables {
                let text = names.contains(table.name) ? try await listed(table.name) : nil
                result.tables.append(.init(name: table.name, text: text))
            }
        }
        return result
    }

    /// The same rules, with the policies that others shut on this host as they are.
    func leavingPolicies(_ rules: OthersRules) async throws -> OthersRules {
        var result = rules
        for family in rules.families {
            result = result.leavingPolicies(of: try await chains(family, rules.variant), family)
        }
        return result
    }

    /// What stands at the places of these rules, by content.
    func listing(of rules: OthersRules) async throws -> FirewallListing {
        var places = rules
        places.tables = []
        var listing = try await installed(at: places).listingWithoutTables
        listing.parts += try await NamedTables.listing(of: rules.tables.map(\.name), in: namespace).parts
        return listing
    }

    /// What a kernel lists that holds these rules.
    static func expectedListing(of rules: OthersRules) async throws -> FirewallListing {
        var listing = rules.listingWithoutTables
        guard !rules.tables.isEmpty else { return listing }
        let scratch = try await ScratchNamespace.make()
        var tables = rules
        (tables.chains, tables.sets) = ([], [])
        try await OthersFirewall(in: scratch).install(tables)
        listing.parts += try await NamedTables.listing(of: rules.tables.map(\.name), in: scratch).parts
        return listing
    }

    /// Makes it so: sets first, for rules name them, then tables in one transaction, then each family.
    func install(_ rules: OthersRules) async throws {
        let live = try await installed(at: rules)
        try await fill(rules.sets, over: live.sets)
        try await put(rules.tables)
        if !rules.chains.isEmpty {
            for family in rules.families {
                try await put(
                    rules.text(of: family, over: try await chains(family, rules.variant)),
                    family,
                    rules
                )
            }
        }
        for set in rules.sets where set.text == nil { try await destroy(set.name) }
    }

    /// The tables, in one transaction.
    func put(_ tables: [OthersRules.Part]) async throws {
        let texts = tables.map { "table \($0.name) { }\ndelete table \($0.name)\n\($0.text ?? "")" }
        guard !texts.isEmpty else { return }
        try await Tool(named: "nft").run(
            ["-f", "-"],
            text: texts.joined(),
            in: namespace,
            holding: lock,
            limits: limits
        )
    }

    /// What changes chains of a family; nothing where it is empty.
    func put(_ text: String, _ family: IPFamily, _ rules: OthersRules) async throws {
        guard !text.isEmpty else { return }
        var tools = try IptablesTools(rules.variant)
        (tools.lock, tools.limits) = (lock, limits)
        try await tools.add(text, family, in: namespace)
    }

    func chains(_ family: IPFamily, _ variant: IptablesVariant) async throws -> IptablesChains {
        let tools = try IptablesTools(variant)
        guard let save = tools.save[family] else { throw ToolError.notFound(program: "iptables-save") }
        return IptablesChains(try await save.run(["--counters"], text: "", in: namespace))
    }

    /// With what its counters say and what packets put into its sets.
    private func listed(_ table: String) async throws -> String {
        let words = ["list", "table"] + table.split(separator: " ").map(String.init)
        return try await Tool(named: "nft").run(words, text: "", in: namespace)
    }

    private func tableNames() async throws -> Set<String> {
        let said = try await Tool(named: "nft").run(["list", "tables"], text: "", in: namespace)
        return Set(said.split(separator: "\n").map { String($0.dropFirst("table ".count)) })
    }

    /// The names of sets that are being filled begin so.
    static let draft = "wallwright-"

    /// A set that is there changes in one step: its new content is made under another name, and the two are swapped
    /// (ipset(8)).
    private func fill(_ sets: [OthersRules.Part], over live: [OthersRules.Part]) async throws {
        guard !sets.isEmpty else { return }
        let ipset = try Tool(named: "ipset")
        let names = try await ipset.run(["list", "-name"], text: "", in: namespace)
        for name in names.split(separator: "\n") where name.hasPrefix(Self.draft) {
            try await ipset.run(["destroy", String(name)], in: namespace, holding: lock)
        }
        var text = ""
        for (number, pair) in zip(sets, live).enumerated() {
            guard let wanted = pair.0.text else { continue }
            guard let present = pair.1.text else {
                text += wanted
                continue
            }
            if IpsetListing.parts(present) == IpsetListing.parts(wanted) { continue }
            let draft = "\(Self.draft)\(number)"
            text += SavedSets.renamed(wanted, pair.0.name, to: draft)
            text += "swap \(draft) \(pair.0.name)\ndestroy \(draft)\n"
        }
        guard !text.isEmpty else { return }
        try await ipset.run(["restore"], text: text, in: namespace, holding: lock)
    }

    /// The kernel lets go of the rules of a transaction a little after it (net/netfilter/nf_tables_api.c,
    /// `nf_tables_trans_destroy_work`), and of their sets with them.
    private static let destroyAttempts = 25

    func destroy(_ set: String) async throws {
        let ipset = try Tool(named: "ipset")
        for attempt in 1...Self.destroyAttempts {
            let names = try await ipset.run(["list", "-name"], text: "", in: namespace)
            guard names.split(separator: "\n").contains(Substring(set)) else { return }
            do {
                try await ipset.run(["destroy", set], in: namespace, holding: lock)
                return
            } catch {
                guard attempt < Self.destroyAttempts else { throw error }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
