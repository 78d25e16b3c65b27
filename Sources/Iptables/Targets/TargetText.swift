import Netfilter
import PacketModel

/// The words for what a rule does: `-j` or `-g`, a target, its options.
enum TargetText {
    static func words(for verdict: Verdict, in context: RuleContext) throws(Inexpressible) -> [String] {
        switch verdict {
        case .accept: ["-j", "ACCEPT"]
        case .drop: ["-j", "DROP"]
        case .return: ["-j", "RETURN"]
        case .jump(let chain): ["-j", chain]
        case .goto(let chain): ["-g", chain]
        case .reject(let rejection): try RejectTarget.words(rejection, in: context)
        case .masquerade: MasqueradeTarget.words
        case .redirect(let port): try RedirectTarget.words(port: port, in: context)
        case .destinationNAT(let address, let port):
            try DNATTarget.words(to: address, port: port, in: context)
        case .lookup, .choice: throw Inexpressible("iptables has no maps from values to verdicts")
        case .translate, .queue, .unknown: throw Inexpressible("a verdict of another firewall")
        }
    }
}
