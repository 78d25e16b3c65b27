import Netfilter
import PacketModel

/// `REJECT` (iptables-extensions(8)).
enum RejectTarget {
    static func words(_ rejection: Rejection, in context: RuleContext) throws(Inexpressible) -> [String] {
        ["-j", "REJECT", "--reject-with", try answer(rejection, in: context)]
    }

    private static func answer(_ rejection: Rejection, in context: RuleContext) throws(Inexpressible)
        -> String
    {
        switch (rejection, context.family) {
        case (.reset, _):
            guard context.transportProtocol == .tcp else {
                throw Inexpressible("a rule that answers with a reset must ask for TCP")
            }
            return "tcp-reset"
        case (.prohibited, .ipv4): return "icmp-admin-prohibited"
        case (.prohibited, .ipv6): return "icmp6-adm-prohibited"
        }
    }
}
