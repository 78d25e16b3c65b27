import Compiler
import Kernel
import PacketModel
import Testing

@testable import Deployment

/// A host with rules that a person typed, beside those of everybody, and a root that they were saved in.
struct SavedHost: Sendable {
    let host: TestHost
    let neighbours: Neighbours
    let root: PersistentHost
    let way: SaveWay

    static func make(_ way: SaveWay, _ software: Software, ours: BackendKind? = nil) async throws -> SavedHost
    {
        // Without links no packet comes by that would be counted.
        let host = try await TestHost.make(links: [])
        let neighbours = try await Neighbours.besideAPerson(into: host.network.inside, .nft)
        if let ours {
            try await host.settle("outbound:\n  - allow: any\n\(Neighbours.policy)", on: ours)
        }
        let root = try PersistentHost([software])
        if way == .nftables { try root.write("/etc/nftables.conf", "flush ruleset\n") }
        _ = try await neighbours.save(into: root, way)
        return SavedHost(host: host, neighbours: neighbours, root: root, way: way)
    }

    /// What somebody does to a person's rules: takes some away, adds others, and opens everything.
    func spoil() async throws {
        let name = neighbours.namespace
        for family in ["iptables-nft", "ip6tables-nft"] {
            let iptables = try Tool(named: family)
            for rule in [
                "-P INPUT ACCEPT", "-D INPUT -i lo -j ACCEPT", "-A INPUT -p tcp --dport 99 -j DROP",
                "-I INPUT -p tcp --dport 98 -j DROP",
            ] {
                try await iptables.run(rule.split(separator: " ").map(String.init), in: name)
            }
        }
        try await Tool(named: "ipset").run(["flush", "mine"], in: name)
        try await Tool(named: "nft").run(["delete", "table", "inet", "mine"], in: name)
    }

    func restore(_ arguments: String...) async throws -> CommandResult {
        let words = ["restore", "--using", way.rawValue, "--root", root.root] + arguments
        return try await host.start([TestHost.program] + words + ["--state", host.state]).result()
    }

    /// Everything of everybody, as tools list it, but the handles of nftables.
    func everything(counters: Bool = true) async throws -> [String] {
        var text = try await Tool(named: "nft").run(["list", "ruleset"], text: "", in: neighbours.namespace)
        for variant in IptablesVariant.allCases {
            for program in ["iptables", "ip6tables"] {
                let save = try Tool(named: "\(program)-\(variant.rawValue)-save")
                text += try await save.run(counters ? ["-c"] : [], text: "", in: neighbours.namespace)
            }
        }
        text += try await Tool(named: "ipset").run(["-sorted", "save"], text: "", in: neighbours.namespace)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            var line = String(line)
            if !counters || line.hasPrefix(":") { line.replace(/\ \[[0-9]+:[0-9]+\]/, with: "") }
            if !counters { line.replace(/counter packets [0-9]+ bytes [0-9]+/, with: "counter") }
            // The number that mixes the hash of a set is another in each.
            line.replace(/\ initval [0-9a-fx]+/, with: "")
            return line
        }.sorted()
    }
}
