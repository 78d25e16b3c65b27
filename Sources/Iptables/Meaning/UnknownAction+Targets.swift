import Netfilter
import PacketModel

extension UnknownAction {
    /// What words of a rule may do of which the name of the target alone is known, or not even that (nil).
    ///
    /// From iptables-extensions(8), and what the targets return (net/netfilter/xt_…c, net/ipv4/netfilter/ipt_…c).
    init(_ words: String, target: String?, in table: BuiltInTable) {
        guard let target, let known = Self.targets[target] else {
            self.init(words, writes: table.writable)
            return
        }
        self.init(words, endings: known.endings, writes: known.writes)
    }

    private static let targets: [String: (endings: [Ending], writes: [Field])] = {
        var targets: [String: (endings: [Ending], writes: [Field])] = [
            "ACCEPT": ([.accept], []), "DROP": ([.drop], []), "RETURN": ([.return], []),
            "REJECT": ([.reject], []), "NFQUEUE": ([.queue], []), "QUEUE": ([.queue], []),
            "MARK": ([.next], [.mark]), "HMARK": ([.next], [.mark]), "SET": ([.next], [.mark]),
            "CONNMARK": ([.next], [.mark, .connectionMark]),
            "DSCP": ([.next], [.dscp]), "TOS": ([.next], [.dscp, .ecn]), "ECN": ([.next], [.ecn]),
            "TTL": ([.next], [.hopLimit]), "HL": ([.next], [.hopLimit]),
            "CT": ([.next], [.connectionState]), "NOTRACK": ([.next], [.connectionState]),
            "TCPMSS": ([.next], [.length]),
            "DNAT": ([.accept], destination), "REDIRECT": ([.accept], destination),
            "SNAT": ([.accept], source), "MASQUERADE": ([.accept], source),
            "NETMAP": ([.accept], destination + source),
            "DNPT": ([.next, .drop], [.destination]), "SNPT": ([.next, .drop], [.source]),
            // To a socket of this host, if one is there.
            "TPROXY": ([.accept, .drop], [.mark]),
            // It answers by itself what starts a connection.
            "SYNPROXY": ([.next, .drop], []),
            // Another node of the cluster may be the one that answers.
            "CLUSTERIP": ([.next, .drop], []),
        ]
        for name in [
            "AUDIT", "CHECKSUM", "CLASSIFY", "CONNSECMARK", "IDLETIMER", "LED", "LOG", "NFLOG", "RATEEST",
            "SECMARK", "TCPOPTSTRIP", "TEE", "TRACE", "ULOG",
        ] {
            targets[name] = ([.next], [])
        }
        return targets
    }()

    fileprivate static let destination: [Field] = [.destination, .destinationPort, .connectionStatus]
    fileprivate static let source: [Field] = [.source, .sourcePort, .connectionStatus]
}

extension BuiltInTable {
    /// What targets that may stand in the table write.
    fileprivate var writable: [Field] {
        let marks: [Field] = [.mark, .connectionMark]
        return switch self {
        case .filter, .security: marks
        case .raw: marks + [.connectionState]
        case .mangle: marks + [.dscp, .ecn, .hopLimit, .length, .source, .destination]
        case .nat: marks + UnknownAction.destination + UnknownAction.source
        }
    }
}
