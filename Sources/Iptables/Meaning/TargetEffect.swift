package import Netfilter
import PacketModel

/// What a target does to a packet.
package enum TargetEffect: Sendable {
    /// The packet goes on to the next rule, changed.
    case statements([Statement])
    /// The packet goes on to the next rule; nothing changes that rules can see.
    case aside
    case verdict(Verdict)
}

extension MatchRegistry {
    private static let extensions = byName(all.map { ($0 as any MatchExtension.Type, $0.syntaxes) })

    static func conditions(
        of instance: ExtensionInstance,
        _ family: IPFamily,
        knowing sets: IpsetLookup
    ) -> [Condition]? {
        extensions[instance.syntax.name].flatMap { $0.conditions(of: instance, family, knowing: sets) }
    }
}

extension TargetRegistry {
    private static let extensions = byName(all.map { ($0 as any TargetExtension.Type, $0.syntaxes) })

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        extensions[instance.syntax.name].flatMap { $0.effect(of: instance, family) }
    }
}

private func byName<Extension>(_ all: [(Extension, [ExtensionSyntax])]) -> [String: Extension] {
    var result: [String: Extension] = [:]
    for (type, syntaxes) in all {
        for syntax in syntaxes { result[syntax.name] = type }
    }
    return result
}
