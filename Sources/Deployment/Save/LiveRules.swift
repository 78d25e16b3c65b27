import Compiler
import Kernel
import PacketModel

/// All rules of everybody that a kernel holds, as the tools of this host show them.
struct LiveRules: Sendable {
    /// By the save tools that the host calls `iptables`.
    private(set) var iptables: [IPFamily: String] = [:]
    private(set) var sets = ""
    private(set) var tables: [NftablesSave.Table] = []
    /// What was not looked at, or will not be there, in sentences.
    private(set) var notes: [String] = []

    /// A tool that is not installed has no rules.
    static func read(in namespace: NetworkNamespace?) async throws(ToolError) -> LiveRules {
        var live = LiveRules()
        let names: [(IPFamily, String)] = [(.ipv4, "iptables"), (.ipv6, "ip6tables")]
        var ofIptables: Set<String> = []
        for (family, name) in names {
            if Tool.isInstalled("\(name)-save") {
                live.iptables[family] = try await said("\(name)-save", [], in: namespace)
            }
            for variant in IptablesVariant.allCases where Tool.isInstalled("\(name)-\(variant.rawValue)-save")
            {
                let text = try await said("\(name)-\(variant.rawValue)-save", [], in: namespace)
                if variant == .nft { ofIptables.formUnion(tables(in: text, family)) }
                let isOther = SavedRules(text) != SavedRules(live.iptables[family] ?? "")
                if isOther, !SavedRules(text).isEmpty {
                    live.notes.append(
                        "the rules of \(name)-\(variant.rawValue): `\(name)` of this host uses other rules"
                    )
                }
            }
        }
        if Tool.isInstalled("ipset") { live.sets = try await said("ipset", ["save"], in: namespace) }
        guard Tool.isInstalled("nft") else { return live }
        for line in try await said("nft", ["list", "tables"], in: namespace).split(separator: "\n") {
            let name = line.dropFirst("table ".count)
            let words = ["--stateless", "list", "table"] + name.split(separator: " ").map(String.init)
            live.tables.append(
                .init(
                    name: String(name),
                    text: loadable(try await said("nft", words, in: namespace)),
                    isOfIptables: ofIptables.contains(String(name))
                )
            )
        }
        return live
    }

    /// nft 1.0.6 shows `ct original proto-dst { 0x35 [invalid type] }`, which it does not read.
    private static func loadable(_ listing: String) -> String {
        listing.replacing(" [invalid type]", with: "")
    }

    /// `ip filter` and its like, of those that iptables-nft shows.
    private static func tables(in text: String, _ family: IPFamily) -> [String] {
        QuotedWords.lines(of: text).filter { $0.hasPrefix("*") }.map {
            "\(family == .ipv4 ? "ip" : "ip6") \($0.dropFirst())"
        }
    }

    private static func said(
        _ program: String,
        _ arguments: [String],
        in namespace: NetworkNamespace?
    ) async throws(ToolError) -> String {
        try await Tool(named: program).run(arguments, text: "", in: namespace)
    }
}
