import PacketModel

/// `udp`: ports (iptables-extensions(8)).
enum UDPMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "udp",
            .match,
            options: PortText.options(.resolvedPorts),
            protocols: ProtocolNeed([17], allowsNegation: true, "-p udp"),
            mergesInKernel: { !$0.given.isEmpty },
            complete: { instance, context throws(Refusal) in
                PortText.simplify(&instance, inKernelWords: true, context.release)
            },
            examples: ["-p udp -m udp --dport 53", "-p udp --sport 1024:65535"]
        )
    ]

    static func alternatives(of test: Test, in context: RuleContext) -> [[MatchText]]? {
        guard context.transportProtocol == .udp, case .field(let field, let ports) = test.condition
        else { return nil }
        return PortText.alternatives(field, ports, test, module: "udp")
    }

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        instance.conditions(PortText.condition)
    }
}
