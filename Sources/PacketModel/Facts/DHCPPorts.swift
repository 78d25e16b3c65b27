/// The ports of DHCP and DHCPv6 (RFC 2131 section 4.1, RFC 9915 section 7.2).
package enum DHCPPorts {
    package static func of(_ family: IPFamily) -> (client: UInt16, server: UInt16) {
        switch family {
        case .ipv4: (68, 67)
        case .ipv6: (546, 547)
        }
    }

    /// What a server says to a client.
    package static func answer(_ family: IPFamily) -> [Condition] {
        let (client, server) = of(family)
        return datagram(from: server, to: client)
    }

    /// What a client says to a server.
    package static func question(_ family: IPFamily) -> [Condition] {
        let (client, server) = of(family)
        return datagram(from: client, to: server)
    }

    private static func datagram(from source: UInt16, to destination: UInt16) -> [Condition] {
        [
            .transportProtocol(.udp), .field(.sourcePort, is: source),
            .field(.destinationPort, is: destination),
        ]
    }
}
