import Netfilter
import PacketModel

/// `NETMAP`: one network to another, host by host (iptables-extensions(8)).
enum NetmapTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "NETMAP",
            .target,
            options: [OptionSyntax("to", network, mandatory: true)],
            tables: [.nat],
            tracksConnections: { _ in true },
            examples: ["-j NETMAP --to 192.0.2.0/24", "-j NETMAP --to 2001:db8::/64"]
        )
    ]

    /// Host bits are cut off; a mask with holes is one address before 1.8.11, and then what it says.
    private static let network = ValueSyntax(
        samples: ValueSyntax.looseNetwork.samples + ["192.0.2.0/24", "2001:db8::/64"],
        read: { words, context throws(Refusal) in
            let value = try ValueSyntax.looseNetwork.read(words, context)
            guard case .network(let address, let mask) = value else { return value }
            guard let length = AddressText.length(of: mask, address.family) else {
                if context.release >= .v1_8_11 {
                    return .network(
                        IPAddress(family: address.family, value: address.value & mask),
                        mask: mask
                    )
                }
                return .network(address, mask: address.family.lastAddress)
            }
            let whole = AddressText.mask(length: length, address.family)
            return .network(IPAddress(family: address.family, value: address.value & whole), mask: whole)
        },
        write: { value in
            guard case .network(let address, let mask) = value else { return [] }
            guard mask == address.family.lastAddress else {
                return Array(AddressText.network(address, mask: mask).utf8)
            }
            return Array("\(address)/\(address.family.addressWidth)".utf8)
        }
    )

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        guard case .network(let address, let mask)? = instance["to"] else { return nil }
        return .verdict(
            .translate(Translation(.ofHook, addresses: Interval(address.value), mask: mask))
        )
    }
}
