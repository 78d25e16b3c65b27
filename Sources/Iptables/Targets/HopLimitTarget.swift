import Netfilter
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

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        for given in instance.given {
            let number = given.value.number
            return switch instance.syntax.options[given.option].name.suffix(3) {
            case "set": .statements([.alter(.hopLimit, mask: 0xFF, bits: UInt128(number))])
            case "dec": .statements([.addHops(-Int(number))])
            default: .statements([.addHops(Int(number))])
            }
        }
        return nil
    }
}
