import PacketModel

/// `tcp`: ports and flags (iptables-extensions(8)).
enum TCPMatch: MatchExtension {
    static func alternatives(of test: Test, in context: RuleContext) throws(Inexpressible) -> [[MatchText]]? {
        switch test.condition {
        case .bits(.tcpFlags, let mask, let value):
            guard context.transportProtocol == .tcp else {
                throw Inexpressible("a rule that asks for TCP flags must ask for TCP")
            }
            return test.either([MatchText("tcp", "--tcp-flags", names(mask), names(value))])
        case .field(let field, let ports):
            guard context.transportProtocol == .tcp else { return nil }
            return PortText.alternatives(field, ports, test, module: "tcp")
        case .bits, .interface, .member, .stateful, .not:
            return nil
        }
    }

    private static func names(_ bits: UInt128) -> String {
        let names = TCPFlags(rawValue: UInt8(truncatingIfNeeded: bits)).names
        return names.isEmpty ? "NONE" : names.joined(separator: ",").uppercased()
    }
}
