package import Netfilter
package import PacketModel

/// How ipset stores tuples of fields: `hash:net,port` and its like (ipset(8)).
///
/// A port of ipset carries its protocol, so in the fields of a set a protocol stands directly before its
/// ports.
package struct IpsetType: Hashable, Sendable {
    package enum Part: Hashable, Sendable {
        case address(Field)
        /// A protocol and the ports, or the type and code, that follow it.
        case port(Field)
    }

    package let parts: [Part]

    /// The protocols whose ports a set can hold; DCCP's neither the tool nor the kernel takes (ip_set_getport.c).
    static let portProtocols: Set<IPProtocol> = [.tcp, .udp, .sctp, .udplite]

    /// The shapes that the kernel has (net/netfilter/ipset/).
    private static let shapes: Set<String> = ["a", "ap", "aa", "apa"]

    package init(_ fields: [Field]) throws(Inexpressible) {
        var parts: [Part] = []
        var rest = fields[...]
        while let field = rest.popFirst() {
            switch field {
            case .source, .destination:
                parts.append(.address(field))
            case .transportProtocol:
                guard let port = rest.popFirst(),
                    [.sourcePort, .destinationPort, .icmpTypeAndCode].contains(port)
                else { throw Inexpressible("an ipset of protocols without ports") }
                parts.append(.port(port))
            default:
                throw Inexpressible("an ipset that holds \(field)")
            }
        }
        self.parts = parts
        guard Self.shapes.contains(shape) else { throw Inexpressible("an ipset of \(fields)") }
    }

    private var shape: String {
        parts.map { part in
            switch part {
            case .address: "a"
            case .port: "p"
            }
        }
        .joined()
    }

    /// The name of the type; `net` takes prefixes, `ip` single addresses only.
    ///
    /// There is no `hash:ip,ip`, and in `hash:ip,port,…` only the last may be a net.
    func name(withPrefixes: Bool) -> String {
        switch shape {
        case "a": withPrefixes ? "hash:net" : "hash:ip"
        case "ap": withPrefixes ? "hash:net,port" : "hash:ip,port"
        case "apa": withPrefixes ? "hash:net,port,net" : "hash:ip,port,ip"
        default: "hash:net,net"
        }
    }

    /// What of the packet each part is compared with, as `--match-set` says it.
    var directions: [String] {
        parts.map { part in
            switch part {
            case .address(.source), .port(.sourcePort): "src"
            case .address, .port: "dst"
            }
        }
    }
}
