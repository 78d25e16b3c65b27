import Netlink
import PacketModel

/// The chains and rules in the entries of a table of iptables-legacy (`struct ipt_entry`, `struct ip6t_entry`).
struct LegacyTable {
    struct Rule {
        var leading: LeadingRule
        /// All that matters to packets.
        var content: UInt64
    }

    /// By name; those of the kernel too.
    private(set) var chains: [String: [Rule]] = [:]

    init(_ info: LegacySocket.Info, _ bytes: ArraySlice<UInt8>, _ family: IPFamily) {
        let layout = Layout(family)
        var entries: [Entry] = []
        var offset = 0
        while let entry = Entry(at: offset, of: bytes, layout) {
            entries.append(entry)
            offset += entry.length
        }
        // A chain of people begins with an entry that bears its name, and jumps lead to the one after it.
        var names: [Int: String] = [:]
        for entry in entries { names[entry.offset + entry.length] = entry.chainName }
        var chain: String?
        for entry in entries {
            if let name = entry.chainName {
                chain = name
                chains[name] = []
            } else if let hook = info.hooks.first(where: {
                $0.first <= entry.offset && entry.offset <= $0.last
            }) {
                let name = Self.hooks[hook.hook]
                chains[name, default: []].append(entry.rule(names))
            } else if let chain {
                chains[chain, default: []].append(entry.rule(names))
            }
        }
    }

    /// NF_INET_PRE_ROUTING and those after it.
    private static let hooks = ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]

    /// Where things stand in an entry.
    private struct Layout {
        /// The addresses, interfaces, protocol and flags.
        var conditions: Int
        /// In it: the flags, of which 2 is a jump without return.
        var flags: Int
        var targetOffset: Int
        var nextOffset: Int
        var counters: Int
        var header: Int

        init(_ family: IPFamily) {
            switch family {
            case .ipv4:
                (conditions, flags, targetOffset, nextOffset, counters, header) = (84, 82, 88, 90, 96, 112)
            case .ipv6:
                (conditions, flags, targetOffset, nextOffset, counters, header) = (
                    136, 131, 140, 142, 152, 168
                )
            }
        }
    }

    private struct Entry {
        let offset: Int
        let length: Int
        private let bytes: ArraySlice<UInt8>
        private let layout: Layout
        private let targetOffset: Int

        /// The size of a match or a target with its name, before its data (`struct xt_entry_target`).
        private static let extensionHeader = 32
        private static let longestName = 29

        /// Nil past the last one, and for what makes no sense.
        init?(at offset: Int, of all: ArraySlice<UInt8>, _ layout: Layout) {
            let rest = all.dropFirst(offset)
            guard rest.count >= layout.header else { return nil }
            let next = Int(rest.hostOrder(UInt16.self, at: layout.nextOffset))
            let target = Int(rest.hostOrder(UInt16.self, at: layout.targetOffset))
            guard next <= rest.count, target >= layout.header, target + Self.extensionHeader <= next else {
                return nil
            }
            (self.offset, length, targetOffset, self.layout) = (offset, next, target, layout)
            bytes = rest.prefix(next)
        }

        private func name(at place: Int) -> String {
            String(
                decoding: bytes.dropFirst(place + 2).prefix(Self.longestName).prefix { $0 != 0 },
                as: UTF8.self
            )
        }

        private var targetData: ArraySlice<UInt8> { bytes.dropFirst(targetOffset + Self.extensionHeader) }

        /// Nil for a rule.
        var chainName: String? {
            guard name(at: targetOffset) == "ERROR" else { return nil }
            return String(decoding: targetData.prefix { $0 != 0 }, as: UTF8.self)
        }

        func rule(_ chains: [Int: String]) -> Rule {
            // The target of jumps, accepts and drops has no name.
            let verdict =
                name(at: targetOffset).isEmpty && targetData.count >= 4
                ? Int(targetData.hostOrder(Int32.self, at: 0)) : nil
            let target = verdict.flatMap { $0 >= 0 ? chains[$0] : nil }
            var hash = ContentHash()
            hash.combine(bytes.prefix(layout.conditions))
            hash.combine(bytes.prefix(targetOffset).dropFirst(layout.header))
            // An offset says which rules others have before it.
            if let target {
                hash.combine(target)
            } else {
                hash.combine(bytes.dropFirst(targetOffset))
            }
            let conditions = bytes.prefix(layout.conditions).enumerated()
            let hasCondition =
                targetOffset > layout.header || conditions.contains { $0 != layout.flags && $1 != 0 }
            let leading = LeadingRule(target: target, comment: comment, hasCondition: hasCondition)
            return Rule(leading: leading, content: hash.value)
        }

        private var comment: String? {
            var place = layout.header
            while place + Self.extensionHeader <= targetOffset {
                let size = Int(bytes.hostOrder(UInt16.self, at: place))
                guard size >= Self.extensionHeader else { return nil }
                if name(at: place) == "comment" {
                    let data = bytes.prefix(place + size).dropFirst(place + Self.extensionHeader)
                    return String(decoding: data.prefix { $0 != 0 }, as: UTF8.self)
                }
                place += size
            }
            return nil
        }
    }
}
