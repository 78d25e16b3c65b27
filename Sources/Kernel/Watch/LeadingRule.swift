import CKernel
import Compiler
import Netlink
import Nftables

/// What a glance asks of a rule of a built-in chain: where it leads, on what condition, and what tells whose it is.
struct LeadingRule: Hashable {
    /// The chain that it leads to.
    var target: String?
    var comment: String?
    var hasCondition: Bool

    /// It leads every packet to a chain.
    var isPlainJump: Bool { target != nil && !hasCondition }
}

extension LeadingRule {
    /// A rule of iptables-nft, which has a verdict, a counter, and whatever else it has is a condition or does more.
    init(_ message: NetlinkMessage) {
        typealias Attribute = NftablesAttribute
        self.init(hasCondition: false)
        for expression in message.nested(Attribute.Rule.expressions) {
            let parts = expression.nested
            let data = parts[Attribute.Expression.data]?.nested ?? []
            switch parts[Attribute.Expression.name]?.text {
            case "counter": break
            case "immediate":
                let verdict = data[Attribute.Immediate.data]?.nested[Attribute.Immediate.verdict]?.nested
                target = verdict?[Attribute.Immediate.verdictChain]?.text
            case "match" where data[Attribute.Match.name]?.text == "comment":
                comment = data[Attribute.Match.info]?.text
            default: hasCondition = true
            }
        }
        comment = message.attribute(Attribute.Rule.userData)?.comment ?? comment
    }
}

extension Glance.Entrance {
    /// Of the first rules of a built-in chain: what leads to the targets, and what of others stands before the last of
    /// that, where that counts.
    init(hook: UInt64 = 0, _ rules: [LeadingRule], to targets: [String], comesFirst: Bool) {
        self.hook = hook
        let last = rules.lastIndex { rule in rule.isPlainJump && targets.contains { $0 == rule.target } }
        if last == nil { instead = rules.prefix(3).map { .init(target: $0.target, comment: $0.comment) } }
        for rule in rules.prefix(last.map { $0 + 1 } ?? 0) {
            if rule.isPlainJump, let target = rule.target, OwnPlaces.isOwn(target) {
                if targets.contains(target) { self.targets.append(target) }
            } else if comesFirst {
                strangers.append(.init(target: rule.target, comment: rule.comment))
            }
        }
    }
}

extension OwnPlaces {
    /// Whether a chain is of a generation, or of bans.
    fileprivate static func isOwn(_ chain: String) -> Bool {
        chain.hasPrefix(IptablesProgram.chainPrefix) || chain == BanPrograms.chain
    }
}
