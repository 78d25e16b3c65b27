import PacketModel

/// `dscp`: the class of a packet in its type of service (iptables-extensions(8)).
enum DSCPMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "dscp",
            .match,
            options: [
                OptionSyntax("dscp", .dscp, invertible: true, excludes: ["dscp-class"]),
                OptionSyntax("dscp-class", .dscpClass, invertible: true, excludes: ["dscp"]),
            ],
            oneOf: ["dscp", "dscp-class"],
            complete: { instance, _ throws(Refusal) in instance.rename("dscp-class", to: "dscp") },
            examples: ["-m dscp --dscp-class EF", "-m dscp ! --dscp 0x0a"]
        )
    ]

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        instance.conditions { _, value in value.condition(.dscp) }
    }
}

extension ValueSyntax {
    static let dscp = ValueSyntax.number(0...63, as: .hex(width: 2))

    /// A class by its name (RFC 2474, RFC 2597, RFC 3246), printed as its number.
    static let dscpClass = ValueSyntax(
        samples: classes.map(\.name) + ["ef", "Af11", "CS8", "BE ", "E", "0x2e", ""],
        read: { words, _ throws(Refusal) in
            let wanted = words[0].text.uppercased()
            guard let found = classes.first(where: { $0.name == wanted }) else {
                throw Refusal("value.unknown", "\(words[0].text) is not a class of DSCP")
            }
            return .number(found.value)
        },
        write: dscp.write
    )

    private static let classes: [(name: String, value: UInt64)] =
        (0...7).map { ("CS\($0)", $0 * 8) }
        + (1...4).flatMap { group in (1...3).map { ("AF\(group)\($0)", group * 8 + $0 * 2) } }
        + [("BE", 0), ("EF", 0x2E)]
}
