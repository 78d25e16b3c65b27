import Compiler
import Kernel
import PacketModel

/// The rules of everybody but us on a host, without the elements of sets: whoever fills these must not make it long to
/// look.
struct VisibleRules: Sendable {
    /// A set, and how much is in it where that can be known without reading it.
    struct NamedSet: Hashable, Sendable {
        /// `inet f2b-table`; nil for one of ipset.
        var table: String?
        var name: String
        var count: Int?
        var owner: RuleOwner?
    }

    private(set) var rules: [VisibleRule] = []
    private(set) var sets: [NamedSet] = []
    /// What maps of nftables send ports to: `inet filter m` and then `tcp . 8080`.
    private(set) var maps: [String: [String]] = [:]
    /// Whose rules stand before our jump, by its chain: `IPv4 INPUT`.
    private(set) var before: [String: [RuleOwner?]] = [:]
    /// Why something could not be looked at.
    private(set) var unread: [String] = []

    init(reading host: PreflightHost) async {
        var ofIptables: Set<String> = []
        for variant in IptablesVariant.allCases {
            for family in IPFamily.allCases {
                let name = family == .ipv4 ? "ip" : "ip6"
                let answer = await host.savedAnswer(by: variant, family)
                if let refusal = answer.refusal { unread.append("\(refusal)") }
                let text = answer.text ?? ""
                add(saved: text, name)
                guard variant == .nft else { continue }
                for line in text.split(separator: "\n") where line.hasPrefix("*") {
                    ofIptables.insert("\(name) \(line.dropFirst())")
                }
            }
        }
        let listing = await host.nftListing()
        if let refusal = listing.refusal { unread.append("\(refusal)") }
        add(listing: NftListing(listing.text ?? ""), without: ofIptables)
        let counts = await host.setCounts()
        await readMaps(host, counts)
        await readIpsets(host)
        add(NftListing(listing.text ?? "").sets.filter { !ofIptables.contains($0.table) }, counts)
    }

    private mutating func add(saved: String, _ family: String) {
        let owners = RuleOwner.leftOut(everyone: false)
        var tables: [[Substring]] = []
        for line in saved.split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix("*") { tables.append([]) }
            if let last = tables.indices.last { tables[last].append(line) }
        }
        for table in tables {
            guard let name = table.first?.dropFirst() else { continue }
            let chains = table.filter { $0.hasPrefix(":") }.map {
                String($0.dropFirst().prefix { $0 != " " })
            }
            let names = Set(chains)
            let keepers = RuleOwners(owners, chains: chains, kept: names)
            var passed: Set<String> = []
            for line in table where line.hasPrefix("-A ") {
                let words = QuotedWords.split(line)
                let owner = keepers.owner(of: words)
                if owner == .wallwright {
                    passed.formUnion(words.dropFirst().prefix(1))
                } else if let rule = VisibleRule(iptables: words, in: "\(family) \(name)", owner: owner) {
                    rules.append(rule)
                    let isOurs = names.contains("WALLWRIGHT-\(rule.chain)")
                    if name == "filter", isOurs, !passed.contains(rule.chain) {
                        before["\(family == "ip" ? "IPv4" : "IPv6") \(rule.chain)", default: []].append(owner)
                    }
                }
            }
        }
    }

    private mutating func add(listing: NftListing, without ofIptables: Set<String>) {
        for rule in listing.rules where !ofIptables.contains(rule.table) {
            let table = rule.table.split(separator: " ").last ?? ""
            let owner = RuleOwner.others.first {
                $0.owns(table: table) || $0.fills(table: table)
                    || $0.owns(chain: rule.chain) && $0.landmark == nil
                    || $0.fills(chain: rule.chain)
            }
            rules.append(VisibleRule(nftables: rule.text, in: rule.table, chain: rule.chain, owner: owner))
        }
    }

    /// Few ports are sent elsewhere by a map, and a map that holds many is not read.
    private mutating func readMaps(_ host: PreflightHost, _ counts: [String: Int]) async {
        for rule in rules {
            guard case .lookUp(let name) = rule.verdict, maps["\(rule.table) \(name)"] == nil else {
                continue
            }
            let words = rule.table.split(separator: " ").map(String.init) + [name]
            guard words.count == 3, counts["\(rule.table) \(name)"] ?? 0 <= Self.mostRead else { continue }
            let text = await host.answer("nft", "list", "map", words[0], words[1], words[2]).text ?? ""
            guard let start = text.firstRange(of: NftElements.opening) else { continue }
            maps["\(rule.table) \(name)"] = NftElements.split(text[start.lowerBound...])
        }
    }

    private static let mostRead = 4_096

    /// The sets of others by their names; how much is in them is asked of ban lists alone, of each by its name, for others
    /// may have any number of sets.
    private mutating func readIpsets(_ host: PreflightHost) async {
        let listed = await host.answer("ipset", "list", "-name")
        if let refusal = listed.refusal { unread.append("\(refusal)") }
        let owners = RuleOwner.leftOut(everyone: false)
        var asked = 0
        for name in (listed.text ?? "").split(separator: "\n").map(String.init) {
            let owner = owners.first { $0.owns(set: name) || $0.fills(set: name) }
            if owner == .wallwright { continue }
            var set = NamedSet(table: nil, name: name, count: nil, owner: owner)
            if owner?.renewal == .bans, asked < Self.mostCounted {
                asked += 1
                set.count = Self.entries(await host.answer("ipset", "list", "-terse", name).text ?? "")
            }
            sets.append(set)
        }
    }

    private static let mostCounted = 32

    private static func entries(_ header: String) -> Int? {
        let key = "Number of entries: "
        let line = header.split(separator: "\n").first { $0.hasPrefix(key) }
        return line.flatMap { Int($0.dropFirst(key.count)) }
    }

    private mutating func add(_ named: [NftListing.NamedSet], _ counts: [String: Int]) {
        for set in named {
            let table = set.table.split(separator: " ").last ?? ""
            let owner = RuleOwner.others.first {
                $0.owns(table: table) || $0.fills(table: table) || $0.fills(set: set.name)
            }
            guard owner?.renewal == .bans else { continue }
            let count = counts["\(set.table) \(set.name)"]
            sets.append(NamedSet(table: set.table, name: set.name, count: count, owner: owner))
        }
    }
}
