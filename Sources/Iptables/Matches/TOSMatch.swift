import Diagnostics
import PacketModel

/// `tos`: the type of service of IPv4, the traffic class of IPv6 (iptables-extensions(8)).
enum TOSMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "tos",
            .match,
            options: [OptionSyntax("tos", .typeOfService(mask: 0x3F), mandatory: true, invertible: true)],
            examples: ["-m tos --tos Minimize-Delay", "-m tos ! --tos 0x10/0xfc"]
        )
    ]

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        guard case .masked(let value, let mask)? = instance["tos"] else { return nil }
        let dscp = Condition.bits(.dscp, mask: UInt128(mask >> 2), value: UInt128(value >> 2))
        let ecn = Condition.bits(.ecn, mask: UInt128(mask & 3), value: UInt128(value & 3))
        return instance.isNegated("tos") ? [.anyOf([.not(dscp), .not(ecn)])] : [dscp, ecn]
    }
}

extension ValueSyntax {
    /// `VALUE[/MASK]`, or one of five names, which stand for the value under the given mask (linux/ip.h, IPTOS_…).
    static func typeOfService(mask: UInt64) -> ValueSyntax {
        let numeric = masked(to: 255, alwaysMask: true, width: 2)
        return ValueSyntax(
            samples: numeric.samples + services.map(\.name) + ["minimize-delay", "Minim", "0x10/0x3f"],
            read: { words, context throws(Refusal) in
                let wanted = words[0].text.lowercased()
                if let service = services.first(where: { $0.name.lowercased() == wanted }) {
                    return .masked(service.value, mask: mask)
                }
                do throws(Refusal) {
                    return try numeric.read(words, context)
                } catch {
                    throw Refusal(
                        "value.tos",
                        "\(words[0].text) is not a type of service",
                        fix: NearestSpelling.fix(for: words[0].text, among: services.map(\.name))
                    )
                }
            },
            write: numeric.write
        )
    }

    private static let services: [(name: String, value: UInt64)] = [
        ("Minimize-Delay", 0x10), ("Maximize-Throughput", 0x08), ("Maximize-Reliability", 0x04),
        ("Minimize-Cost", 0x02), ("Normal-Service", 0x00),
    ]
}
