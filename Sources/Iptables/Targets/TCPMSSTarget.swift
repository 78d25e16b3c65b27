import PacketModel

/// `TCPMSS`: the largest segment that a connection agrees on (iptables-extensions(8)).
enum TCPMSSTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "TCPMSS",
            .target,
            options: [
                OptionSyntax("set-mss", .number(0...65_515)),
                OptionSyntax("clamp-mss-to-pmtu", .flag),
            ],
            protocols: .tcp,
            oneOf: ["set-mss", "clamp-mss-to-pmtu"],
            complete: { instance, context throws(Refusal) in
                // The last one wins in the kernel's structure.
                if instance.given.count > 1, let last = instance.given.last { instance.given = [last] }
                // A segment is a packet without the headers of IP and TCP.
                if context.family == .ipv6, let size = instance["set-mss"]?.number, size > 65_495 {
                    throw Refusal("value.number", "\(size) is not a number from 0 to 65495")
                }
                guard instance.has("clamp-mss-to-pmtu") else { return }
                switch context.hook {
                case .prerouting, .input:
                    throw Refusal(
                        "target.hook",
                        "the way that a packet of \(context.chain) leaves by is not known"
                    )
                case .forward, .output, .postrouting, nil: break
                }
            },
            examples: ["-p tcp -j TCPMSS --clamp-mss-to-pmtu", "-p tcp --syn -j TCPMSS --set-mss 1400"]
        )
    ]

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        .aside
    }
}
