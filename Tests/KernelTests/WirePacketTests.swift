import PacketModel
import Testing

@testable import Kernel

@Suite struct WirePacketTests {
    private static let transports: [WirePacket.Transport] = [
        .tcp(.init(source: 1, destination: 65_535, flags: [.syn, .ack], sequence: 7, acknowledgement: 8)),
        .tcp(.init(source: 40_000, destination: 22, flags: [])),
        .udp(source: 53, destination: 5_353),
        .icmp(type: 8, code: 0, rest: 0x1234_0001),
        .opening(.sctp, source: 1, destination: 65_535), .opening(.dccp, source: 2, destination: 9),
        .opening(.udplite, source: 3, destination: 7),
        .other(.gre),
    ]

    private static let payloads: [[UInt8]] = [[], [1], [1, 2, 3, 4], Array(0...254)]

    @Test(arguments: transports, payloads)
    func aPacketIsReadAsItWasWritten(_ transport: WirePacket.Transport, payload: [UInt8]) throws {
        for family in IPFamily.allCases {
            let packet = packet(family, transport, payload: payload)
            #expect(WirePacket(parsing: packet.bytes) == packet)
        }
    }

    @Test(arguments: transports, payloads)
    func theSumOverWhatAChecksumCoversIsZero(_ transport: WirePacket.Transport, payload: [UInt8]) {
        switch transport {
        case .other, .opening(.sctp, _, _): return
        case .tcp, .udp, .icmp, .opening: break
        }
        for family in IPFamily.allCases {
            let packet = packet(family, transport, payload: payload)
            let number = transport.number(in: family)
            var sum = InternetChecksum()
            let bytes = packet.transportBytes
            if number != .icmp { sum.addPseudoHeader(packet, protocol: number, length: bytes.count) }
            sum.add(bytes)
            #expect(sum.value == 0)
        }
    }

    /// The check value of the CRC catalogue, and of RFC 3720 appendix B.4 for zeros.
    @Test func theChecksumOfSCTPIsCRC32c() {
        #expect(CRC32c.bytes(of: Array("123456789".utf8)) == [0x83, 0x92, 0x06, 0xE3])
        #expect(CRC32c.bytes(of: [UInt8](repeating: 0, count: 32)) == [0xAA, 0x36, 0x91, 0x8A])
    }

    /// The example of RFC 1071 section 3: the words 0001 f203 f4f5 f6f7 sum to ddf2.
    @Test func theChecksumOfTheExampleInItsRFC() {
        var sum = InternetChecksum()
        sum.add([0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7])
        #expect(sum.value == ~0xDDF2)
    }

    @Test func everyCutOfAPacketIsRefusedOrRead() {
        for family in IPFamily.allCases {
            var packet = packet(family, .tcp(.init(source: 1, destination: 2, flags: .syn)), payload: [1, 2])
            packet.alertsRouters = family == .ipv6
            let bytes = packet.bytes
            #expect(WirePacket(parsing: bytes) == packet)
            for length in 0..<28 { #expect(WirePacket(parsing: bytes.prefix(length)) == nil) }
        }
    }

    @Test(arguments: IPFamily.allCases)
    func anErrorQuotesThePacketItIsAbout(_ family: IPFamily) {
        let quoted = packet(family, .udp(source: 5_000, destination: 53), payload: [1, 2, 3])
        let error = WirePacket.tooBig(from: quoted.destination, mtu: 1_280, quoting: quoted)
        #expect(WirePacket(parsing: error.bytes)?.quotedPacket == quoted)
        #expect(quoted.quotedPacket == nil)
    }

    private func packet(_ family: IPFamily, _ transport: WirePacket.Transport, payload: [UInt8]) -> WirePacket
    {
        let host: UInt128 = family == .ipv4 ? 0xC000_0205 : 0x2001_0DB8 << 96 | 5
        let (source, destination) = (
            IPAddress(family: family, value: host), IPAddress(family: family, value: host + 1)
        )
        return WirePacket(from: source, to: destination, transport, payload: payload)
    }
}
