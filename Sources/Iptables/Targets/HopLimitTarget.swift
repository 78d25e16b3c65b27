import PacketModel

/// `TTL` of IPv4 and `HL` of IPv6 (iptables-extensions(8)).
enum HopLimitTarget: TargetExtension {
    static let syntaxes = [syntax("TTL", .ipv4), syntax("HL", .ipv6)]

    private static func syntax(_ name: String, _ family: IPFamily) -> ExtensionSyntax {
        let options = ["set", "dec", "inc"].map { "\(name.lowercased())-\($0)" }
        return ExtensionSyntax(
            name,
            .target,
            families: [family],
            options: options.map { option in
                OptionSyntax(
                    option,
                    .number((option.hasSuffix("set") ? 0 : 1)...255),
                    excludes: options.filter { $0 != option }
                )
            },
            tables: [.mangle],
            oneOf: options,
            examples: ["-j \(name) --\(options[0]) 64", "-j \(name) --\(options[1]) 1"]
        )
    }
}
