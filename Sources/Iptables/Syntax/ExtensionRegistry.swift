import PacketModel

/// The extensions that Wallwright reads, by name.
package enum ExtensionRegistry {
    package static let all: [ExtensionSyntax] =
        MatchRegistry.all.flatMap { $0.syntaxes } + TargetRegistry.all.flatMap { $0.syntaxes }

    private static let byName = Dictionary(grouping: all, by: \.name)

    /// The tool knows `icmp6` by the names of its protocol too.
    private static let otherNames = ["icmpv6": "icmp6", "ipv6-icmp": "icmp6"]

    static func match(_ name: String, _ family: IPFamily) -> ExtensionSyntax? {
        find(otherNames[name] ?? name, .match, family)
    }

    static func target(_ name: String, _ family: IPFamily) -> ExtensionSyntax? {
        find(name, .target, family)
    }

    private static func find(
        _ name: String,
        _ role: ExtensionSyntax.Role,
        _ family: IPFamily
    ) -> ExtensionSyntax? {
        byName[name]?.first { $0.role == role && $0.families.contains(family) }
    }

    static func matchNames(_ family: IPFamily) -> [String] {
        all.filter { $0.role == .match && $0.families.contains(family) }.map(\.name)
            + ShippedExtensions.matches
    }

    static func targetNames(_ family: IPFamily) -> [String] {
        all.filter { $0.role == .target && $0.families.contains(family) }.map(\.name)
            + ["ACCEPT", "DROP", "RETURN"]
    }

    static func owners(ofOption name: String, _ family: IPFamily) -> [ExtensionSyntax] {
        all.filter { $0.families.contains(family) && $0.option(name) != nil }
    }
}
