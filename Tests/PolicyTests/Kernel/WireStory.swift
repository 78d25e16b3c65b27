import PacketModel

@testable import Kernel
@testable import Netlink

/// A passage as it happens on the wire: what came before, so that connection tracking says of it what the passage says,
/// and the packet itself.
struct WireStory: CustomStringConvertible {
    /// One packet, in a frame that comes by a link, or from a socket of a user of the host.
    struct Step {
        var packet: WirePacket
        var input: String?
        var user: UInt32 = 0
        /// The link that a socket must be told of.
        var output: String?
        var isTracked = true
    }

    /// Where an engine sends the first packet of the connection, by its own number.
    struct Translation {
        var destination: IPAddress
        var port: UInt16?
    }

    var number: Int
    var passage: Passage
    var before: [Step] = []
    var step: Step
    var translation: Translation?

    var description: String { "packet \(number): \(passage)" }

    /// What numbers begin with on the wire, in ports and identifiers.
    static let first: UInt16 = 20_000

    /// The port or identifier that the numbers of a story are told by.
    static func port(_ number: Int) -> UInt16 { first + UInt16(number) }

    /// The number that a packet has, or the one that it quotes.
    static func number(of packet: WirePacket) -> Int? {
        func number(_ ports: UInt16...) -> Int? { ports.first { $0 >= first }.map { Int($0 - first) } }
        if let quoted = packet.quotedPacket, let number = Self.number(of: quoted) { return number }
        switch packet.transport {
        case .tcp(let header): return number(header.source, header.destination)
        case .udp(let source, let destination):
            return number(source, destination) ?? inPayload(packet)
        case .opening(_, let source, let destination): return number(source, destination)
        case .icmp(_, _, let rest): return number(UInt16(rest >> 16))
        case .other: return inPayload(packet)
        }
    }

    private static func inPayload(_ packet: WirePacket) -> Int? {
        let bytes = packet.payload.prefix(2)
        return bytes.count == 2 ? Int(bytes.first ?? 0) << 8 | Int(bytes.last ?? 0) : nil
    }

    /// What the payload of a packet of this number is: enough for the neighbour that a solicitation asks for, and with the
    /// sum that IGMP must have, for nothing is answered that has a wrong one.
    static func payload(_ number: Int) -> [UInt8] {
        let bytes = [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
        return bytes + bytes.map { ~$0 } + [UInt8](repeating: 0, count: 12)
    }

    /// What tells its connection from others.
    var connection: Set<String> {
        let steps = before + [step]
        return Set(steps.map { Self.connection(of: $0.packet.quotedPacket ?? $0.packet) })
    }

    private static func connection(of packet: WirePacket) -> String {
        let number = packet.transport.number(in: packet.family).number
        let ports: [UInt16] =
            switch packet.transport {
            case .tcp(let header): [header.source, header.destination]
            case .udp(let source, let destination), .opening(_, let source, let destination):
                [source, destination]
            case .icmp(_, _, let rest): [UInt16(rest >> 16), UInt16(rest >> 16)]
            case .other: [0, 0]
            }
        return ["\(packet.source) \(ports[0])", "\(packet.destination) \(ports[1])"].sorted().joined(
            separator: " "
        )
            + " \(number)"
    }
}

extension WireStory.Step {
    /// From the IP header on; what is not to be tracked says so by its class of traffic (``ReadingHost``).
    var bytes: [UInt8] {
        var bytes = packet.bytes
        guard !isTracked else { return bytes }
        switch packet.family {
        case .ipv4:
            bytes[1] = Self.untracked << 2
            (bytes[10], bytes[11]) = (0, 0)
            var checksum = InternetChecksum()
            checksum.add(Array(bytes[..<20]))
            bytes.replaceSubrange(10..<12, with: checksum.value.bytes)
        case .ipv6:
            bytes[0] |= Self.untracked >> 2
            bytes[1] |= Self.untracked << 6
        }
        return bytes
    }

    /// The code point of what is not tracked.
    static let untracked: UInt8 = 5
}
