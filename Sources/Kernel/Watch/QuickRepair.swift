package import Compiler
import PacketModel
package import SystemPackage

/// Puts back what a glance found missing or in another place, from memory alone: nothing is listed, nothing is tried out.
/// One process for nftables, one for each family of iptables. What that does not put right is for
/// ``HostFirewall/bringBack(_:over:)``.
package struct QuickRepair: Sendable {
    private let firewall: Firewall
    private let seen: Glance
    /// What a glance sees where all is right; nil where that is not known.
    private let right: Glance?

    package init(_ firewall: Firewall, seen: Glance, right: Glance?) {
        (self.firewall, self.seen, self.right) = (firewall, seen, right)
    }

    /// The caller's namespace when none is given. The tools hold the lock, if there is one, as long as they run.
    package func perform(in namespace: NetworkNamespace? = nil, holding lock: FileDescriptor?) async throws {
        if let program = firewall.nftables, right == nil || seen.tables != right?.tables {
            try await NftablesBackend(holding: lock).commit(program, in: namespace)
        }
        // The tools of iptables know nothing of it; to name the table without the flag wakes it.
        for table in seen.xtables.filter(\.value.isAsleep).keys.sorted() {
            let family = table.family == .ipv4 ? "ip" : "ip6"
            try await Tool(named: "nft").run(["add", "table", family, table.name], in: namespace)
        }
        for (variant, program) in firewall.iptables {
            var tools = try IptablesTools(variant)
            tools.lock = lock
            let ready = tools
            try await withThrowingTaskGroup(of: Void.self) { group in
                for family in IPFamily.allCases {
                    guard let text = text(of: program[family], variant, family) else { continue }
                    group.addTask { try await ready.add(text, family, in: namespace) }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Nil where a family lacks nothing.
    func text(of program: IptablesProgram.Family, _ variant: IptablesVariant, _ family: IPFamily) -> String? {
        var text = ""
        for (name, lines) in program.blocks {
            let table = XtablesTable(variant: variant, family: family, name: name)
            let (seen, right) = (seen.xtables[table] ?? Glance.Xtables(), right?.xtables[table])
            let declared = program.chains[name] ?? []
            let isWhole =
                right.map { $0.chains == seen.chains }
                ?? declared.allSatisfy { seen.chains[String($0)] != nil }
            let jumps = program.jumps.filter { $0.table == name }
            let changes = Self.changes(jumps, seen)
            if isWhole && changes.isEmpty { continue }
            text += "*\(name)\n\(isWhole ? "" : lines)\(changes)COMMIT\n"
        }
        return text.isEmpty ? nil : text
    }

    /// What makes our jumps the first rules of their chains again.
    private static func changes(_ jumps: [IptablesProgram.Jump], _ seen: Glance.Xtables) -> String {
        var text = ""
        for (chain, jumps) in Dictionary(grouping: jumps, by: \.chain).sorted(by: { $0.key < $1.key }) {
            let entrance = seen.entrances[chain] ?? Glance.Entrance()
            let isRight = entrance.strangers.isEmpty && entrance.targets == jumps.compactMap(\.target)
            if isRight { continue }
            for jump in jumps where jump.target.map(entrance.targets.contains) == true {
                text += "-D \(chain) \(jump.words.joined(separator: " "))\n"
            }
            // Each insertion goes to the top, so the first one comes last.
            for jump in jumps.reversed() { text += "-I \(chain) 1 \(jump.words.joined(separator: " "))\n" }
        }
        return text
    }
}

extension IptablesProgram.Family {
    /// The tables of the text, each with what stands between its name and its end.
    fileprivate var blocks: [(table: String, lines: String)] {
        var blocks: [(table: String, lines: String)] = []
        for line in text.listedLines where line != "COMMIT" {
            if line.hasPrefix("*") {
                blocks.append((String(line.dropFirst()), ""))
            } else if !blocks.isEmpty {
                blocks[blocks.count - 1].lines += line + "\n"
            }
        }
        return blocks
    }
}
