import PacketModel
import Testing

@testable import Policy

@Suite("Names of ICMP types and codes")
struct ICMPTypeTests {
    @Test(arguments: [
        ("echo-request", IPProtocol.icmp, 8), ("8", .icmp, 8), ("destination-unreachable", .icmp, 3),
        ("timestamp-reply", .icmp, 14), ("255", .icmp, 255), ("echo-request", .icmpv6, 128),
        ("2", .icmpv6, 2),
        ("packet-too-big", .icmpv6, 2), ("nd-neighbor-solicit", .icmpv6, 135), ("redirect", .icmpv6, 137),
    ])
    func aTypeIsAllOfItsCodes(_ name: String, _ transportProtocol: IPProtocol, _ type: UInt16) {
        let expected = IntervalSet(type << 8...type << 8 | 255)
        #expect(ICMPType.members(named: name, of: transportProtocol) == expected)
    }

    @Test(arguments: [
        ("3/4", IPProtocol.icmp, 0x0304), ("fragmentation-needed", .icmp, 0x0304),
        ("frag-needed", .icmp, 0x0304),
        ("destination-unreachable/fragmentation-needed", .icmp, 0x0304), ("3/frag-needed", .icmp, 0x0304),
        ("destination-unreachable/4", .icmp, 0x0304), ("200/7", .icmp, 0xc807),
        ("admin-prohibited", .icmp, 0x030d), ("ttl-zero-during-transit", .icmp, 0x0b00),
        ("admin-prohibited", .icmpv6, 0x0101), ("addr-unreachable", .icmpv6, 0x0103),
        ("time-exceeded/ttl-zero-during-reassembly", .icmpv6, 0x0301),
    ])
    func aCodeIsOneMember(_ name: String, _ transportProtocol: IPProtocol, _ member: UInt16) {
        #expect(ICMPType.members(named: name, of: transportProtocol) == [member])
    }

    @Test(arguments: [
        ("packet-too-big", IPProtocol.icmp), ("frag-needed", .icmpv6), ("echo-request/frag-needed", .icmp),
        ("256", .icmp),
        ("3/256", .icmp), ("+3", .icmp), ("", .icmp), ("3/", .icmp), ("/4", .icmp), ("3/4/5", .icmp),
        ("Echo-Request", .icmp),
        ("8", .tcp), ("3/4", .udp), ("echo-request", .igmp),
    ])
    func refusesWhatIsNoTypeOrCode(_ name: String, _ transportProtocol: IPProtocol) {
        #expect(ICMPType.members(named: name, of: transportProtocol) == nil)
    }

    @Test(arguments: [IPProtocol.icmp, .icmpv6])
    func everyNameHasOneMeaning(_ transportProtocol: IPProtocol) {
        let names = ICMPType.names(of: transportProtocol)
        #expect(Set(names).count == names.count)
        #expect(names.filter { ICMPType.members(named: $0, of: transportProtocol) == nil } == [])
    }
}
