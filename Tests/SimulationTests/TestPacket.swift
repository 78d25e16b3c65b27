import Netfilter
import Netlink
import PacketModel

@testable import Kernel

/// The addresses that random rules and packets meet on.
enum TestAddresses {
    /// Of the host itself.
    static func own(_ family: IPFamily) -> [IPAddress] {
        (1...2).compactMap { TestNetwork.Link(name: "", number: $0).insideAddress(family) }
    }

    /// Behind `lan0`.
    static func behind(_ family: IPFamily) -> [IPAddress] {
        (20...23).map { address(family, 0xC612_0200, 0xFD57_0002 << 96, $0) }
    }

    /// What ``behind(_:)`` are of, and the host's own address there.
    static func networkBehind(_ family: IPFamily) -> Interval<UInt128> {
        let first = (behind(family).first?.value ?? 0) & ~0xFF
        return Interval(first, first | 0xFF) ?? Interval(first)
    }

    /// To which there is no way back.
    static func foreign(_ family: IPFamily) -> [IPAddress] {
        (1...6).map { address(family, 0xCB00_7100, 0x2001_0DB8 << 96, $0) }
    }

    private static func address(_ family: IPFamily, _ ipv4: UInt128, _ ipv6: UInt128, _ host: UInt128)
        -> IPAddress
    {
        IPAddress(family: family, value: (family == .ipv4 ? ipv4 : ipv6) | host)
    }
}

/// A packet as the test sends it, and as the model sees it.
struct TestPacket: CustomStringConvertible {
    var family: IPFamily
    /// The link that it comes by; nil when the host sends it.
    var input: Int?
    var isForwarded: Bool
    var source: IPAddress
    var destination: IPAddress
    var transport: WirePacket.Transport
    var payload: Int
    var hopLimit: UInt8
    var trafficClass: UInt8
    var neighbour: UInt64
    var isBroadcast: Bool

    private var wire: WirePacket {
        WirePacket(
            from: source,
            to: destination,
            transport,
            payload: [UInt8](repeating: 0x55, count: payload),
            hopLimit: hopLimit
        )
    }

    /// From the IP header on, with the number where routers leave it: the identification, the flow label.
    func bytes(number: Int) -> [UInt8] {
        var bytes = wire.bytes
        switch family {
        case .ipv4:
            bytes[1] = trafficClass
            bytes[4] = UInt8(truncatingIfNeeded: number >> 8)
            bytes[5] = UInt8(truncatingIfNeeded: number)
            (bytes[10], bytes[11]) = (0, 0)
            var checksum = InternetChecksum()
            checksum.add(Array(bytes[..<20]))
            bytes.replaceSubrange(10..<12, with: checksum.value.bytes)
        case .ipv6:
            bytes[0] = 0x60 | trafficClass >> 4
            bytes[1] = trafficClass << 4 | UInt8(truncatingIfNeeded: number >> 16) & 0xF
            bytes[2] = UInt8(truncatingIfNeeded: number >> 8)
            bytes[3] = UInt8(truncatingIfNeeded: number)
        }
        return bytes
    }

    func frame(number: Int) -> [UInt8] {
        let target: [UInt8] =
            isBroadcast
            ? [UInt8](repeating: 0xFF, count: 6) : TestNetwork.hardwareAddress(.inside, link: input ?? 0)
        let from = stride(from: 40, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: neighbour >> UInt64($0))
        }
        return target + from + (family == .ipv4 ? [0x08, 0x00] : [0x86, 0xDD]) + bytes(number: number)
    }

    var model: Packet {
        var packet = Packet(
            family: family,
            inputInterface: input.map { SimulatedHost.links[$0] },
            outputInterface: input == nil || isForwarded ? "lan0" : nil
        )
        packet[.source] = source.value
        packet[.destination] = destination.value
        packet[.transportProtocol] = UInt128(transport.number(in: family).number)
        packet[.hopLimit] = UInt128(hopLimit)
        packet[.dscp] = UInt128(trafficClass >> 2)
        packet[.ecn] = UInt128(trafficClass & 3)
        packet[.fragment] = 0
        packet[.mark] = 0
        packet[.length] = UInt128(wire.bytes.count)
        // There is no route to it, of which IPv6 alone takes note.
        packet[.sourceType] = UInt128((family == .ipv4 ? AddressType.unicast : .unreachable).rawValue)
        let isOwn = TestAddresses.own(family).contains(destination)
        packet[.destinationType] = UInt128((isOwn ? AddressType.local : .unicast).rawValue)
        packet[.frameType] = UInt128((isBroadcast ? FrameType.broadcast : .host).rawValue)
        if input != nil {
            packet[.sourceMAC] = UInt128(neighbour)
        } else {
            packet[.sourceType] = UInt128(AddressType.local.rawValue)
            packet[.user] = 0
            packet[.group] = 0
        }
        switch transport {
        case .tcp(let header):
            packet[.tcpFlags] = UInt128(header.flags.rawValue)
            packet[.sourcePort] = UInt128(header.source)
            packet[.destinationPort] = UInt128(header.destination)
        case .udp(let source, let destination), .opening(_, let source, let destination):
            packet[.sourcePort] = UInt128(source)
            packet[.destinationPort] = UInt128(destination)
        case .icmp(let type, let code, _): packet[.icmpTypeAndCode] = UInt128(type) << 8 | UInt128(code)
        case .other: break
        }
        packet.completeConnection()
        return packet
    }

    var description: String {
        let way = input.map { "in \(SimulatedHost.links[$0])" } ?? "sent"
        return "\(transport) \(source) > \(destination) \(way) forwarded \(isForwarded) ttl \(hopLimit)"
            + " tos \(trafficClass) payload \(payload) broadcast \(isBroadcast)"
    }
}
