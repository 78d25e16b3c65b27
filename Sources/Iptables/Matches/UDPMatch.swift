import PacketModel

/// `udp`: ports (iptables-extensions(8)).
enum UDPMatch: MatchExtension {
    static func alternatives(of test: Test, in context: RuleContext) -> [[MatchText]]? {
        guard context.transportProtocol == .udp, case .field(let field, let ports) = test.condition
        else { return nil }
        return PortText.alternatives(field, ports, test, module: "udp")
    }
}
