import Netlink
import Nftables
import PacketModel
import Testing

@testable import Kernel

/// What carries each kind of tunnel, as rtnetlink tells it (linux/if_link.h, linux/if_tunnel.h): this machine may have few
/// of the kinds.
@Suite struct TunnelKindTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        var name: String
        /// The numbers of the attributes for this host's end and the other.
        var local: UInt16?
        var remote: UInt16
        var others: [NetlinkAttribute] = []
        var isIPv6 = false
        /// `47`, `udp/6081`; none where the kind does not say.
        var carrier: String?

        var testDescription: String { name }

        var addresses: (local: String, remote: String) {
            isIPv6 ? ("2001:db8::1", "2001:db8::2") : ("192.0.2.1", "203.0.113.5")
        }

        func link(withEnds: Bool = true) throws -> NetworkLink {
            var settings = others
            if withEnds {
                let ends = try [addresses.local, addresses.remote].map { try #require(IPAddress($0)).bytes }
                if let local { settings.append(NetlinkAttribute(local, ends[0])) }
                settings.append(NetlinkAttribute(remote, ends[1]))
            }
            let information = [
                NetlinkAttribute.text(1, name), NetlinkAttribute(2, nested: settings),
            ]
            let attributes = [NetlinkAttribute.text(3, "tun7"), NetlinkAttribute(18, nested: information)]
            let head = [UInt8](repeating: 0, count: 4) + UInt32(7).hostBytes + [UInt8](repeating: 0, count: 8)
            let message = NetlinkMessage(
                type: 16,
                flags: 0,
                sequence: 1,
                body: (head + attributes.flatMap(\.bytes))[...]
            )
            return try #require(NetworkLink(message))
        }
    }

    private static let fou = NetlinkAttribute(14, UInt16(1).hostBytes)

    static let kinds = [
        Kind(name: "gre", local: 6, remote: 7, carrier: "47"),
        Kind(name: "gretap", local: 6, remote: 7, carrier: "47"),
        Kind(name: "erspan", local: 6, remote: 7, carrier: "47"),
        Kind(name: "ip6gre", local: 6, remote: 7, isIPv6: true, carrier: "47"),
        Kind(name: "ip6gretap", local: 6, remote: 7, isIPv6: true, carrier: "47"),
        Kind(name: "gre", local: 6, remote: 7, others: [fou]),
        Kind(name: "ipip", local: 2, remote: 3, carrier: "4"),
        Kind(name: "sit", local: 2, remote: 3, carrier: "41"),
        Kind(name: "ip6tnl", local: 2, remote: 3, isIPv6: true, carrier: "41"),
        Kind(
            name: "ip6tnl",
            local: 2,
            remote: 3,
            others: [NetlinkAttribute(9, [4])],
            isIPv6: true,
            carrier: "4"
        ),
        Kind(name: "ipip", local: 2, remote: 3, others: [NetlinkAttribute(15, UInt16(1).hostBytes)]),
        Kind(name: "vti", local: 4, remote: 5, carrier: "50"),
        Kind(name: "vti6", local: 4, remote: 5, isIPv6: true, carrier: "50"),
        Kind(name: "geneve", remote: 2, carrier: "udp/6081"),
        Kind(
            name: "geneve",
            remote: 7,
            others: [NetlinkAttribute(5, UInt16(7_000).bytes)],
            isIPv6: true,
            carrier: "udp/7000"
        ),
        Kind(
            name: "vxlan",
            local: 4,
            remote: 2,
            others: [NetlinkAttribute(15, UInt16(4_789).bytes)],
            carrier: "udp/4789"
        ),
        Kind(name: "vxlan", local: 17, remote: 16, isIPv6: true, carrier: "udp/8472"),
        Kind(name: "bareudp", remote: 2), Kind(name: "gtp", remote: 2), Kind(name: "ovpn", remote: 2),
    ]

    @Test(arguments: kinds) func theOuterPacketsAreKnown(_ kind: Kind) throws {
        let flows = TunnelKind.flows(of: try kind.link(), to: nil)
        guard let carrier = kind.carrier else {
            #expect(flows.isEmpty)
            #expect(TunnelKind.carriers.contains(kind.name))
            return
        }
        let flow = try #require(flows.first)
        let name = flow.port.map { "udp/\($0)" } ?? "\(flow.transportProtocol.number)"
        #expect(flows.count == 1 && name == carrier, "\(flow)")
        #expect(flow.remote == IPAddress(kind.addresses.remote))
        #expect(flow.local == kind.local.flatMap { _ in IPAddress(kind.addresses.local) })
    }

    /// A device without an end of its own gets it from elsewhere, packet by packet: from anywhere, then.
    @Test(arguments: kinds) func aTunnelToAnybodyComesFromAnybody(_ kind: Kind) throws {
        let flows = TunnelKind.flows(of: try kind.link(withEnds: false), to: nil)
        #expect(flows.isEmpty == (kind.carrier == nil))
        #expect(flows.allSatisfy { $0.remote == nil && $0.local == nil })
    }
}
