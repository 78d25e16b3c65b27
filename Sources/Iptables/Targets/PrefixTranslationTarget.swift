import Diagnostics
import PacketModel

/// `SNPT` and `DNPT`: one network of IPv6 for another, without state (iptables-extensions(8), RFC 6296).
enum PrefixTranslationTarget: TargetExtension {
    static let syntaxes = [
        syntax("SNPT", hooks: [.input, .postrouting]), syntax("DNPT", hooks: [.prerouting, .output]),
    ]

    private static func syntax(_ name: String, hooks: Set<BuiltInChain>) -> ExtensionSyntax {
        ExtensionSyntax(
            name,
            .target,
            families: [.ipv6],
            options: ["src-pfx", "dst-pfx"].map { OptionSyntax($0, prefix, mandatory: true) },
            tables: [.mangle],
            hooks: hooks,
            complete: { instance, _ throws(Refusal) in
                // All of IPv6 is not printed.
                for option in ["src-pfx", "dst-pfx"] {
                    instance.remove(option, ifEqual: .network(IPAddress(family: .ipv6, value: 0), mask: 0))
                }
            },
            examples: ["-j \(name) --src-pfx fd00:1::/64 --dst-pfx 2001:db8::/64"]
        )
    }

    /// A network of at most 64 bits, without host bits (net/ipv6/netfilter/ip6t_NPT.c).
    private static let prefix = ValueSyntax(
        samples: [
            "fd00:1::/64", "fd00::/48", "fd00::/65", "::/0", "::/64", "fd00::/0", "fd00::1/64", "fd00::",
            "fd00::/129", "fd00::/ffff::", "fd00::/ffff:0:ffff::", "1.2.3.4/16", "/64", "fd00::/", "",
        ],
        read: { words, context throws(Refusal) in
            let value = try ValueSyntax.looseNetwork.read(words, context)
            guard case .network(let address, let mask) = value,
                let length = AddressText.length(of: mask, .ipv6), length <= 64
            else {
                throw Refusal("value.prefix", "the prefix has at most 64 bits", fix: "write /64 behind it")
            }
            guard address.value & mask == address.value else {
                throw Refusal("value.prefix.host", "the prefix has bits beyond its length")
            }
            return value
        },
        write: { value in
            guard case .network(let address, let mask) = value else { return [] }
            return Array("\(address)/\(mask.nonzeroBitCount)".utf8)
        }
    )
}
