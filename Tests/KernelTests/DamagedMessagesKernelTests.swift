import CKernel
import Glibc
import Netlink
import Nftables
import PacketModel
import TestSupport
import Testing

@testable import Kernel

/// Real messages of this kernel about real things, damaged anywhere: every reader comes to an end.
@Suite(.needsRoot) struct DamagedMessagesKernelTests {
    /// Messages, and what reads them.
    private struct Kind: Sendable {
        var name: String
        var bodies: [ArraySlice<UInt8>]
        var read: @Sendable (NetlinkMessage) -> Void
    }

    private static let rules = """
        set s { type ipv4_addr . inet_service; flags interval; counter; comment "a set"; elements = { 10.0.0.0/8 . 22 comment "x" } }
        set d { type ipv4_addr; size 9; flags dynamic,timeout; timeout 1m; }
        map v { type inet_service : verdict; elements = { 22 : accept, 80 : drop } }
        chain i {
            type filter hook input priority 0; policy accept;
            ct state established counter accept comment "policy.yaml:7 allow ssh"
            ip saddr . tcp dport @s counter log prefix "x" accept
            tcp dport vmap @v
            ct state new add @d { ip saddr limit rate 5/minute burst 5 packets } accept
            jump o
        }
        chain o {
            meta l4proto { tcp, udp } reject with icmpx port-unreachable
        }
        """

    private static let links = """
        link add br0 type bridge
        link add vx0 type vxlan id 5 local 192.0.2.1 remote 192.0.2.2 dstport 4789
        link set vx0 master br0
        rule add from 192.0.2.0/24 table 100 priority 100
        route add 198.51.100.0/24 dev eth0
        xfrm policy add src 192.0.2.9 dst 192.0.2.1 dir in tmpl src 192.0.2.9 dst 192.0.2.1 proto esp reqid 7 mode tunnel

        """

    private let network: TestNetwork

    init() async throws {
        let setting = try await Setting()
        network = setting.network
        try await setting.load(Self.rules)
        try await Tool(named: "ip").run(["-batch", "-"], text: Self.links, in: network.inside)
    }

    private func kinds() throws(SystemError) -> [Kind] {
        let netfilter = try NetlinkSocket(protocol: NETLINK_NETFILTER)
        let route = try NetlinkSocket(protocol: NETLINK_ROUTE)
        let sockets = try NetlinkSocket(protocol: NETLINK_SOCK_DIAG)
        let security = try NetlinkSocket(protocol: NETLINK_XFRM)
        let table = [NetlinkAttribute.text(1, "test")]
        func rows(_ messages: [NetlinkMessage]) -> [ArraySlice<UInt8>] { messages.map(\.body) }
        let every = [UInt8](repeating: 0, count: 16)
        let request =
            [UInt8(AF_INET), UInt8(IPPROTO_TCP), 0, 0] + UInt32.max.hostBytes
            + [UInt8](repeating: 0, count: MemoryLayout<inet_diag_sockid>.size)
        return [
            Kind(
                name: "rules",
                bodies: rows(try netfilter.nftables(NftablesAttribute.getRules, table)),
                read: { message in
                    _ = NftablesListing.content(ofRule: message, message.attributes)
                    _ = LeadingRule(message)
                    _ = message.attribute(NftablesAttribute.Rule.userData)?.comment
                }
            ),
            Kind(
                name: "sets",
                bodies: rows(try netfilter.nftables(NftablesAttribute.getSets, table)),
                read: { message in
                    _ = message.attribute(NftablesAttribute.Set.userData)?.setComment
                    _ = (
                        message.number(NftablesAttribute.Set.flags),
                        message.nested(NftablesAttribute.Set.description)
                    )
                }
            ),
            Kind(
                name: "connections",
                bodies: rows(
                    try netfilter.dump(
                        subsystem: UInt8(NFNL_SUBSYS_CTNETLINK),
                        message: UInt8(IPCTNL_MSG_CT_GET.rawValue),
                        family: 0
                    )
                ),
                read: { _ = TrackedConnection($0) }
            ),
            Kind(
                name: "links",
                bodies: rows(try route.dump(type: UInt16(RTM_GETLINK), body: every)),
                read: { message in
                    guard let link = NetworkLink(message) else { return }
                    _ = TunnelKind.flows(of: link, to: nil)
                }
            ),
            Kind(
                name: "routes",
                bodies: rows(try route.dump(type: UInt16(RTM_GETROUTE), body: Array(every.prefix(12)))),
                read: { message in
                    var ways = WaysOfHost()
                    ways.note(route: message, [:])
                    ways.note(rule: message)
                }
            ),
            Kind(
                name: "sockets",
                bodies: rows(try sockets.dump(type: UInt16(SOCK_DIAG_BY_FAMILY), body: request)),
                read: { _ = SocketEntry(message: $0.body, .tcp) }
            ),
            Kind(
                name: "security policies",
                bodies: rows(try security.dump(type: 0x15, body: [UInt8](repeating: 0, count: 64))),
                read: { message in
                    var policies = SecurityPolicies()
                    if let policy = SecurityPolicy(message.body) { policies.inbound = [policy] }
                    if let (request, port) = SecurityPolicies.port(ofState: message.body + message.body) {
                        policies.carriedByUDP[request] = port
                    }
                    let remote = IPAddress(family: .ipv4, value: 0xC000_0209)
                    _ = policies.flows(from: remote, to: nil, nil, linkedTo: nil)
                }
            ),
        ]
    }

    @Test func messagesOfEveryPartAreReadToTheirEnd() async throws {
        let connection = try await TCPConnection.open(
            from: try network.end(.ipv4, inside: false),
            to: try network.end(.ipv4, inside: true),
            port: 2_222
        )
        for kind in try await network.inside.run({ try kinds() }) {
            #expect(!kind.bodies.isEmpty, "\(kind.name)")
            for seed in UInt64(0)..<1_500 {
                var random = SplitMix64(state: seed)
                var bytes = Array(kind.bodies.randomElement(using: &random) ?? [])
                if Bool.random(using: &random) {
                    bytes.damage(
                        Int.random(in: 1...5, using: &random),
                        with: ["\0\0", "\u{7F}"],
                        using: &random
                    )
                } else if bytes.count > 4 {
                    // A length or a type, more likely than by chance.
                    let place = Int.random(in: 0..<bytes.count / 2 - 1, using: &random) * 2
                    bytes[place] = UInt8.random(in: 0...255, using: &random)
                    bytes[place + 1] = Bool.random(using: &random) ? 0 : 0xFF
                }
                kind.read(NetlinkMessage(type: 0xA01, flags: 0, sequence: 7, body: bytes[...]))
            }
        }
        withExtendedLifetime(connection) {}
    }

    /// The tables of the older code come as one piece of memory.
    @Test(arguments: IPFamily.allCases) func aTableOfTheOlderCodeIsReadToItsEnd(_ family: IPFamily)
        async throws
    {
        let rules = """
            *filter
            :X - [0:0]
            -A INPUT -p tcp -m tcp --dport 22 -m comment --comment "a b" -j X
            -A INPUT -j X
            -A X -m limit --limit 5/min -j LOG --log-prefix "p"
            COMMIT

            """
        let program = family == .ipv4 ? "iptables-legacy-restore" : "ip6tables-legacy-restore"
        try await Tool(named: program).run([], text: rules, in: network.inside)
        let found = try await network.inside.run { try LegacySocket(family).entries(of: "filter") }
        let (info, entries) = try #require(found)
        #expect(LegacyTable(info, entries, family).chains["INPUT"]?.count == 3)
        for seed in UInt64(0)..<1_500 {
            var random = SplitMix64(state: seed)
            var bytes = Array(entries)
            bytes.damage(Int.random(in: 1...8, using: &random), with: ["\0\0", "ERROR"], using: &random)
            _ = LegacyTable(info, bytes[...], family)
        }
    }
}
