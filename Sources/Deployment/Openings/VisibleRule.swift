import Kernel
import PacketModel

/// A rule of somebody's, as far as it takes to say what it lets in or sends elsewhere.
struct VisibleRule: Hashable, Sendable {
    enum Verdict: Hashable, Sendable {
        case accept
        case refuse
        case jump(String)
        /// To what, as the rule says it.
        case sendTo(String)
        /// To a port of this host; nil for the one that was asked for.
        case redirect(UInt16?)
        /// To a program that takes what was meant for others.
        case transparent(UInt16?)
        /// By a map of nftables.
        case lookUp(String)
        case other
    }

    /// `ip nat`, `inet firewalld`
    var table: String
    var chain: String
    var owner: RuleOwner?
    var transports: [IPProtocol] = []
    var ports: [ClosedRange<UInt16>] = []
    /// Nil for every interface, and for all but one.
    var input: String?
    var source: String?
    /// Whether it asks for packets that came or go by IPsec.
    var isOfIPsec = false
    var verdict = Verdict.other

    /// `tcp/8080`, `tcp/8000-8010`; TCP and UDP where the rule names no protocol.
    var services: [String] {
        (transports.isEmpty ? [.tcp, .udp] : transports).flatMap { transport in
            ports.map {
                "\(transport)/\($0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)")"
            }
        }
    }

    static func ports(_ text: some StringProtocol, between separator: Character) -> ClosedRange<UInt16>? {
        let ends = text.split(separator: separator).compactMap { UInt16($0) }
        guard let first = ends.first, let last = ends.last, first <= last else { return nil }
        return first...last
    }
}
