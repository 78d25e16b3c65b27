import PacketModel

/// The extensions that Wallwright reads, by name.
package enum ExtensionRegistry {
    package static let all: [ExtensionSyntax] =
        MatchRegistry.all.flatMap { $0.syntaxes } + TargetRegistry.all.flatMap { $0.syntaxes }

    /// By name, for each role and family.
    private static let byName: [Key: [String: ExtensionSyntax]] = {
        var found: [Key: [String: ExtensionSyntax]] = [:]
        for syntax in all {
            for family in syntax.families {
                found[Key(role: syntax.role, family: family), default: [:]][syntax.name] = syntax
            }
        }
        return found
    }()

    private struct Key: Hashable {
        let role: ExtensionSyntax.Role
        let family: IPFamily
    }

    /// The tool knows `icmp6` by the names of its protocol too.
    private static let otherNames = ["icmpv6": "icmp6", "ipv6-icmp": "icmp6"]

    static func match(_ name: String, _ family: IPFamily) -> ExtensionSyntax? {
        let syntaxes = byName[Key(role: .match, family: family)]
        return syntaxes?[name] ?? otherNames[name].flatMap { syntaxes?[$0] }
    }

    static func target(_ name: String, _ family: IPFamily) -> ExtensionSyntax? {
        byName[Key(role: .target, family: family)]?[name]
    }

    static func matchNames(_ family: IPFamily) -> [String] {
        all.filter { $0.role == .match && $0.families.contains(family) }.map(\.name)
    }

    static func targetNames(_ family: IPFamily) -> [String] {
        all.filter { $0.role == .target && $0.families.contains(family) }.map(\.name)
            + ["ACCEPT", "DROP", "RETURN"]
    }

    static func owners(ofOption name: String, _ family: IPFamily) -> [ExtensionSyntax] {
        all.filter { $0.families.contains(family) && $0.option(name) != nil }
    }
}
