import Compiler
import Kernel
import PacketModel

/// Loads saved files into a namespace made for this, with the tools that would load them here, and reads back what they
/// mean. What cannot be loaded is refused with its place.
struct DryLoad {
    private let scratch: NetworkNamespace
    private let host: NetworkNamespace?
    private let variant: IptablesVariant

    init(for host: NetworkNamespace?, _ variant: IptablesVariant) async throws {
        scratch = try await ScratchNamespace.make(like: host)
        self.host = host
        self.variant = variant
    }

    /// The rules that the files hold, without those that their owners write anew by themselves; and what was left out.
    func rules(_ files: SavedFiles, everyone: Bool) async throws -> (OthersRules, LeftOut) {
        let owners = RuleOwner.leftOut(everyone: everyone)
        var rules = OthersRules(everyone: everyone, variant: variant)
        var leftOut = LeftOut()
        try await loadLiveSets()
        if let file = files.sets {
            let sets = SavedSets(file.text)
            try await emptyLiveSets(sets.names)
            try await load(file, "ipset", ["restore", "-exist"])
            let loaded = IpsetSave(try await said("ipset", ["save"]), without: owners)
            leftOut.merge(loaded.leftOut)
            let texts = SavedSets(loaded.text)
            rules.sets = sets.names.compactMap { name in texts[name].map { .init(name: name, text: $0) } }
        }
        if let file = files.tables {
            try await load(file, "nft", ["-f", "-"])
            let names = try await said("nft", ["list", "tables"]).split(separator: "\n").map {
                String($0.dropFirst("table ".count))
            }
            for name in names {
                let words = ["list", "table"] + name.split(separator: " ").map(String.init)
                rules.tables.append(.init(name: name, text: try await said("nft", words)))
            }
            let saved = NftablesSave(
                rules.tables.map { .init(name: $0.name, text: $0.text ?? "", isOfIptables: false) },
                without: owners
            )
            leftOut.merge(saved.leftOut)
            rules.tables = saved.tables.map { .init(name: $0.name, text: $0.text) }
        }
        for (family, file) in [(IPFamily.ipv4, files.ipv4), (.ipv6, files.ipv6)] {
            guard let file else { continue }
            let name = "\(family == .ipv4 ? "iptables" : "ip6tables")-\(variant.rawValue)"
            try await load(file, "\(name)-restore", [])
            let saved = IptablesSave(try await said("\(name)-save", []), without: owners)
            leftOut.merge(saved.leftOut)
            // The kernel may have made tables that the file does not name.
            let named = Set(
                file.text.split(separator: "\n").filter { $0.hasPrefix("*") }.map { $0.dropFirst() }
            )
            rules.chains += IptablesChains(saved.text).chains.filter { named.contains(Substring($0.table)) }
                .map { chain in
                    .init(
                        family: family,
                        table: chain.table,
                        name: chain.name,
                        policy: chain.policy,
                        rules: chain.rules
                    )
                }
        }
        return (rules, leftOut)
    }

    /// Rules may name sets that no file holds.
    private func loadLiveSets() async throws {
        guard Tool.isInstalled("ipset") else { return }
        let ipset = try Tool(named: "ipset")
        let live = try await ipset.run(["save"], text: "", in: host)
        if !live.isEmpty { try await ipset.run(["restore"], text: live, in: scratch) }
    }

    private func emptyLiveSets(_ names: [String]) async throws {
        let ipset = try Tool(named: "ipset")
        let there = SavedSets(try await said("ipset", ["save"])).names
        // Lists of sets come after their members.
        for name in there.reversed() where names.contains(name) {
            try await ipset.run(["destroy", name], in: scratch)
        }
    }

    private func said(_ program: String, _ arguments: [String]) async throws -> String {
        try await Tool(named: program).run(arguments, text: "", in: scratch)
    }

    private func load(_ file: SavedFiles.File, _ program: String, _ arguments: [String]) async throws {
        do {
            try await Tool(named: program).run(arguments, text: file.text, in: scratch)
        } catch {
            guard case .failed(_, _, let message) = error else { throw error }
            throw ChangeError.refused(Self.sentence(file, message))
        }
    }

    /// `/etc/iptables/rules.v4:3: …`, out of what the tool wrote.
    static func sentence(_ file: SavedFiles.File, _ message: String) -> String {
        let (number, rest) = place(in: message)
        let place = number.map { "\(file.place):\($0)" } ?? file.place
        let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
        let line = number.flatMap { lines.dropFirst($0 - 1).first }.map { "\n  \($0)" } ?? ""
        return
            "\(place): \(rest)\(line)\nnothing was changed; do: mend the file, or wallwright save writes it anew"
    }

    /// The line that a tool names, and what it says of it.
    private static func place(in message: String) -> (Int?, String) {
        var number: Int?
        var said: [Substring] = []
        for line in message.split(separator: "\n") {
            if line.hasPrefix("Try `") { continue }
            // nft: /dev/stdin:3:12-20: Error: …
            if let found = line.firstMatch(of: /^\/dev\/stdin:([0-9]+):[0-9-]+: (?:Error: )?(.*)$/) {
                number = number ?? Int(found.1)
                said.append(found.2)
                continue
            }
            if let found = line.firstMatch(of: /[Ll]ine:? ([0-9]+)/) {
                number = number ?? Int(found.1)
                if line.hasPrefix("Error occurred at line") { continue }
            }
            // iptables-nft-restore v1.8.9 (nf_tables): …
            let rest = line.replacing(/^\S+-restore v[0-9.]+(?: \([a-z_]+\))?: */, with: "")
            if !rest.isEmpty { said.append(rest) }
        }
        // nft shows the line once more; it stands below.
        return (number.flatMap { $0 > 0 ? $0 : nil }, said.first.map(String.init) ?? "it cannot be loaded")
    }
}
