import PacketModel

/// `TEE`: a copy of the packet to another host (iptables-extensions(8)).
enum TEETarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "TEE",
            .target,
            options: [
                OptionSyntax("gateway", .address, mandatory: true),
                OptionSyntax("oif", outgoing),
            ],
            complete: { instance, _ throws(Refusal) in
                instance.remove("oif", ifEqual: .text([]))
                if case .addressRange(let address, _) = instance["gateway"], address.value == 0 {
                    throw Refusal("target.address", "the address of nobody gets no copy")
                }
            },
            examples: ["-j TEE --gateway 192.0.2.1", "-j TEE --gateway 2001:db8::1 --oif eth0"]
        )
    ]

    /// A longer name loses its end.
    private static let outgoing = ValueSyntax(
        samples: ValueSyntax.interface.samples,
        read: { words, _ throws(Refusal) in .text(Array(words[0].bytes.prefix(InterfacePattern.longestName)))
        },
        write: { $0.bytes }
    )

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        .aside
    }
}
