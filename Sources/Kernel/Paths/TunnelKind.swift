import Netlink
import PacketModel

/// Interfaces that put packets into others, by the name of their kind (ip-link(8), "TYPE"), and what rtnetlink says of
/// where these go (linux/if_link.h, linux/if_tunnel.h).
enum TunnelKind {
    /// Of kinds that are in no other list here it is not known what carries them.
    static let carriers: Set<String> =
        udpCarriers.union(ethernetInIP).union(plain.keys).union(["vti", "vti6"])
        .union(["amneziawg", "bareudp", "gtp", "amt", "ovpn", "ovpn-dco", "l2tpeth", "batadv", "nlmon"])

    private static let udpCarriers: Set<String> = ["vxlan", "geneve"]
    private static let ethernetInIP: Set<String> = [
        "gre", "gretap", "erspan", "ip6gre", "ip6gretap", "ip6erspan",
    ]
    /// The protocols that the outer header may name.
    private static let plain: [String: [UInt8]] = ["ipip": [4], "sit": [41, 4], "ip6tnl": [41, 4]]

    /// What carries a tunnel; `learned` is where its device says that the neighbour is. Empty where nobody knows.
    static func flows(of link: NetworkLink, to learned: IPAddress?) -> [OuterFlow] {
        guard let kind = link.kind else { return [] }
        func address(_ types: Int...) -> IPAddress? {
            types.lazy.compactMap { link.setting($0)?.address }.first { !$0.isUnspecified }
        }
        func flows(
            _ protocols: [UInt8],
            remote: IPAddress?,
            local: IPAddress?,
            port: UInt16? = nil
        ) -> [OuterFlow] {
            let remote = remote ?? learned
            return protocols.map {
                OuterFlow(IPProtocol(number: $0), remote: remote, local: local, port: port)
            }
        }
        switch kind {
        case "vxlan":
            // A group of many is no place where one neighbour is.
            let group = address(2, 16).flatMap { $0.isMulticast ? nil : $0 }
            let port = link.setting(15)?.integer(UInt16.self) ?? 8_472
            return flows([17], remote: learned ?? group, local: address(4, 17), port: port)
        case "geneve":
            let port = link.setting(5)?.integer(UInt16.self) ?? 6_081
            return flows([17], remote: address(2, 7), local: nil, port: port)
        case _ where ethernetInIP.contains(kind):
            return link.isWrappedInUDP(14)
                ? [] : flows([47], remote: address(7), local: address(6))
        case "vti", "vti6":
            return flows([50], remote: address(5), local: address(4))
        default:
            guard let protocols = plain[kind], !link.isWrappedInUDP(15) else { return [] }
            let known = link.setting(9)?.value.first
            let meant = known.flatMap { $0 == 0 ? nil : [$0] } ?? protocols
            // The outer header of IPv4 in IPv6 says 4, and that of IPv6 in IPv4 says 41.
            return flows(Array(meant.prefix(1)), remote: address(3), local: address(2))
        }
    }
}

extension NetworkLink {
    /// Foo over UDP (ip-fou(8)), whose port is not told apart from others here.
    fileprivate func isWrappedInUDP(_ type: Int) -> Bool {
        (setting(type)?.hostInteger(UInt16.self) ?? 0) != 0
    }
}

extension IPAddress {
    fileprivate var isUnspecified: Bool { value == 0 }
}
