import Compiler
import PacketModel

@testable import Kernel

extension Neighbours {
    /// All that others have in the namespace, as the tools show it; equal texts mean identical rules, counters, sets,
    /// handles and order. What is Wallwright's is left out.
    ///
    /// The counters of policies in the old tables are not of it: iptables-legacy sets them to 0 with every change of
    /// their table, whoever makes it.
    ///
    /// It reads what stands there, whoever loaded it, so a rule that somebody adds is seen too.
    func snapshot() async throws -> String {
        let ruleset = try await Tool(named: "nft").run(["-a", "list", "ruleset"], text: "", in: namespace)
        var parts = [("nft -a list ruleset", OthersText.ofListing(ruleset))]
        for variant in IptablesVariant.allCases {
            for program in ["iptables", "ip6tables"] {
                let name = "\(program)-\(variant.rawValue)-save"
                let saved = try await Tool(named: name).run(["-c"], text: "", in: namespace)
                let others = OthersText.ofSave(saved)
                parts.append((name, variant == .nft ? others : others.map(Self.withoutPolicyCounters)))
            }
        }
        let sets = try await Tool(named: "ipset").run(["-sorted", "save"], text: "", in: namespace)
        parts.append(("ipset save", OthersText.ofSets(sets)))
        return parts.map { "=== \($0.0)\n\($0.1.map { "\($0)\n" }.joined())" }.joined()
    }

    /// The lines that one snapshot has and the other has not: `- …` went, `+ …` came.
    static func difference(_ before: String, _ after: String) -> [String] {
        let (before, after) = (before.split(separator: "\n"), after.split(separator: "\n"))
        return after.difference(from: before).map { change in
            switch change {
            case .remove(_, let line, _): "- \(line)"
            case .insert(_, let line, _): "+ \(line)"
            }
        }
    }

    /// How many packets each rule of others in iptables has counted, by its line: `ipv4 filter -A INPUT …`. Of equal
    /// rules it is the sum.
    func packets() async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for (family, program) in [("ipv4", "iptables"), ("ipv6", "ip6tables")] {
            let save = try Tool(named: "\(program)-\(variant.rawValue)-save")
            var table: Substring = ""
            for line in OthersText.ofSave(try await save.run(["-c"], text: "", in: namespace)) {
                if line.hasPrefix("*") { table = line.dropFirst() }
                // [12:3400] -A INPUT …
                let parts = line.split(separator: " ", maxSplits: 1)
                guard line.hasPrefix("["), parts.count == 2 else { continue }
                let packets = Int(parts[0].dropFirst().prefix { $0 != ":" })
                counts["\(family) \(table) \(parts[1])", default: 0] += packets ?? 0
            }
        }
        return counts
    }

    /// `:INPUT ACCEPT [3:180]` without the counters.
    private static func withoutPolicyCounters(_ line: Substring) -> Substring {
        guard line.hasPrefix(":"), let bracket = line.lastIndex(of: "[") else { return line }
        return line[..<bracket].dropLast()
    }
}
