import Diagnostics
import PacketModel

/// `ecn`: what a packet says of congestion, in IP and in TCP (iptables-extensions(8), RFC 3168).
enum ECNMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "ecn",
            .match,
            options: [
                OptionSyntax("ecn-tcp-ece", .flag, invertible: true),
                OptionSyntax("ecn-tcp-cwr", .flag, invertible: true),
                OptionSyntax("ecn-ip-ect", .number(0...3), invertible: true),
            ],
            oneOf: ["ecn-ip-ect", "ecn-tcp-ece", "ecn-tcp-cwr"],
            complete: { instance, context throws(Refusal) in
                // ecn_mt_check4 and ecn_mt_check6 of the kernel.
                let asksTCP = instance.has("ecn-tcp-ece") || instance.has("ecn-tcp-cwr")
                guard !asksTCP || ProtocolNeed.tcp.admits(context.transportProtocol) else {
                    throw Refusal("match.protocol", "flags of TCP need -p tcp", fix: "write -p tcp")
                }
            },
            examples: ["-p tcp -m ecn --ecn-tcp-cwr", "-m ecn ! --ecn-ip-ect 3"]
        )
    ]

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        // The flags of TCP are no field of the model.
        instance.conditions { option, value in option == "ecn-ip-ect" ? value.condition(.ecn) : nil }
    }
}
