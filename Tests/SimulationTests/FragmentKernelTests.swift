import Iptables
import Netfilter
import Netlink
import PacketModel
import TestSupport
import Testing

@testable import Kernel

/// Datagrams in two parts: which hooks see the parts, and which the whole.
@Suite(.needsRoot) struct FragmentKernelTests {
    struct Way: Sendable, CustomTestStringConvertible {
        var family: IPFamily
        var isForwarded: Bool
        var isTracked: Bool

        static let all = IPFamily.allCases.flatMap { family in
            [false, true].flatMap { forwarded in
                [false, true].map { Way(family: family, isForwarded: forwarded, isTracked: $0) }
            }
        }

        var testDescription: String {
            "\(family), \(isForwarded ? "forwarded" : "to the host"), \(isTracked ? "tracked" : "not tracked")"
        }
    }

    @Test(arguments: Way.all)
    func `each hook counts the parts or the whole`(way: Way) async throws {
        let text = Self.rules(way)
        let prediction = try Prediction(text, way.family)
        let expected = Self.counts(way, prediction)
        let host = try await SimulatedHost()
        try await host.load(text, way.family)
        try await host.send(frames: Self.frames(way), by: 0)
        let counted = try Prediction.counters(try await host.outcome(way.family).listing, way.family)
        for (place, count) in expected {
            #expect(counted[place] == count, "\(place) \(prediction.line(place))")
        }
    }

    /// Every chain asks for the part, where there are words for it, and for the port, which the first part alone has.
    private static func rules(_ way: Way) -> String {
        let tracking = way.isTracked ? "-A CHAIN -m conntrack --ctstate NEW\n" : ""
        let part = way.family == .ipv4 ? "-A CHAIN -f\n-A CHAIN ! -f\n" : ""
        let rules = tracking + part + "-A CHAIN -p udp\n-A CHAIN -p udp -m udp --dport 80\n"
        func table(_ name: String, _ chains: [String]) -> String {
            let declared = chains.map { ":\($0) ACCEPT [0:0]\n" }.joined()
            return "*\(name)\n\(declared)" + chains.map { rules.replacing("CHAIN", with: $0) }.joined()
                + "COMMIT\n"
        }
        return table("raw", ["PREROUTING", "OUTPUT"])
            + table("mangle", ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"])
    }

    private static func counts(_ way: Way, _ prediction: Prediction) -> [Prediction.Place: UInt64] {
        var whole = prediction
        let packet = packet(way)
        guard !way.isTracked else {
            whole.run(packet)
            return whole.counts
        }
        var (first, later) = (prediction, prediction)
        first.run(packet, fragment: .first)
        later.run(packet, fragment: .later)
        var counts = first.counts
        for (place, count) in later.counts {
            // At INPUT of IPv4 they are one again.
            if way.family == .ipv4, place.chain == "INPUT" { continue }
            counts[place, default: 0] += count
        }
        return counts
    }

    private static func packet(_ way: Way) -> TestPacket {
        TestPacket(
            family: way.family,
            input: 0,
            isForwarded: way.isForwarded,
            source: TestAddresses.foreign(way.family)[0],
            destination: way.isForwarded
                ? TestAddresses.behind(way.family)[0] : TestAddresses.own(way.family)[0],
            transport: .udp(source: 20_000, destination: 80),
            payload: 64,
            hopLimit: 64,
            trafficClass: 0,
            neighbour: SimulatedHost.neighbours[0],
            isBroadcast: false
        )
    }

    /// The transport's bytes are cut after 40.
    private static func frames(_ way: Way) -> [[UInt8]] {
        let frame = packet(way).frame(number: 1)
        let header = Array(frame[14..<(14 + (way.family == .ipv4 ? 20 : 40))])
        let body = Array(frame[(14 + header.count)...])
        let parts: [(bytes: [UInt8], offset: Int, hasMore: Bool)] = [
            (Array(body[..<40]), 0, true), (Array(body[40...]), 40, false),
        ]
        return parts.map { part in
            Array(frame[..<14]) + (way.family == .ipv4 ? ipv4(header, part) : ipv6(header, part)) + part.bytes
        }
    }

    /// RFC 791 section 3.1.
    private static func ipv4(
        _ header: [UInt8],
        _ part: (bytes: [UInt8], offset: Int, hasMore: Bool)
    ) -> [UInt8] {
        var header = header
        header.replaceSubrange(2..<4, with: UInt16(20 + part.bytes.count).bytes)
        header.replaceSubrange(6..<8, with: UInt16(part.offset / 8 | (part.hasMore ? 0x2000 : 0)).bytes)
        (header[10], header[11]) = (0, 0)
        var checksum = InternetChecksum()
        checksum.add(header)
        header.replaceSubrange(10..<12, with: checksum.value.bytes)
        return header
    }

    /// RFC 8200 section 4.5.
    private static func ipv6(
        _ header: [UInt8],
        _ part: (bytes: [UInt8], offset: Int, hasMore: Bool)
    ) -> [UInt8] {
        var header = header
        header.replaceSubrange(4..<6, with: UInt16(8 + part.bytes.count).bytes)
        let fragment = [header[6], 0] + UInt16(part.offset | (part.hasMore ? 1 : 0)).bytes + [0, 0, 0, 1]
        header[6] = 44
        return header + fragment
    }
}
