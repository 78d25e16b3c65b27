import PacketModel

/// `rt`: the routing header of IPv6 (iptables-extensions(8)).
enum RoutingHeaderMatch: MatchExtension {
    private static let highest = UInt64(UInt32.max)
    /// What only the header of type 0 has.
    private static let ofTypeZero = ["rt-0-res", "rt-0-addrs"]

    static let syntaxes = [
        ExtensionSyntax(
            "rt",
            .match,
            families: [.ipv6],
            options: [
                OptionSyntax("rt-type", .number(0...highest), invertible: true),
                OptionSyntax("rt-segsleft", .looseRange(to: highest), invertible: true),
                OptionSyntax("rt-len", .number(0...highest), invertible: true),
                OptionSyntax("rt-0-res", .flag),
                OptionSyntax("rt-0-addrs", addresses),
                OptionSyntax("rt-0-not-strict", .flag, requires: ["rt-0-addrs"]),
            ],
            complete: { instance, context throws(Refusal) in
                try checkOrder(instance)
                instance.removeWhole("rt-segsleft", to: highest, context.release)
            },
            examples: [
                "-m rt --rt-type 0", "-m rt --rt-type 0 --rt-0-res --rt-0-addrs ::1,::2 --rt-0-not-strict",
                "-m rt --rt-type 0 --rt-len 5 --rt-segsleft 3", "-m rt --rt-0-res --rt-type 0",
                "-m rt --rt-type 0 --rt-0-not-strict --rt-0-addrs ::1", "-m rt ! --rt-type 0 --rt-0-res",
            ]
        )
    ]

    /// The tool asks at each option what came before it.
    private static func checkOrder(_ instance: ExtensionInstance) throws(Refusal) {
        let order = instance.given.map { instance.syntax.options[$0.option].name }
        for name in ofTypeZero {
            guard let place = order.firstIndex(of: name) else { continue }
            guard order[..<place].contains("rt-type"), instance["rt-type"] == .number(0),
                !instance.isNegated("rt-type")
            else {
                throw Refusal("match.option.order", "--\(name) needs --rt-type 0 before it")
            }
        }
        if let place = order.firstIndex(of: "rt-0-not-strict"), !order[..<place].contains("rt-0-addrs") {
            throw Refusal("match.option.order", "--rt-0-not-strict comes after --rt-0-addrs")
        }
    }

    /// IP6T_RT_HOPS
    private static let mostAddresses = 16

    private static let addresses = ValueSyntax(
        samples: [
            "::1", "::1,::2", "::1,", ",::1", "::1,,::2", "1.2.3.4", "::ffff:1.2.3.4", "::1/64",
            (1...mostAddresses).map { "::\($0)" }.joined(separator: ","),
            (0...mostAddresses).map { "::\($0)" }.joined(separator: ","), "x", "",
        ],
        read: { words, context throws(Refusal) in
            let parts = words[0].bytes.split(separator: Ascii.comma, omittingEmptySubsequences: false)
            guard parts.count <= mostAddresses else {
                throw Refusal("value.many", "the list has more than \(mostAddresses) addresses")
            }
            var addresses: [OptionValue] = []
            for part in parts {
                guard let address = AddressText.address(part, .ipv6) else {
                    throw AddressText.unreadable(part, context.family)
                }
                addresses.append(.address(address))
            }
            return .list(addresses)
        },
        write: { value in
            let texts = value.items.map { if case .address(let address) = $0 { "\(address)" } else { "" } }
            return Array(texts.joined(separator: ",").utf8)
        }
    )
}
