import Netfilter
import PacketModel
import Policy

/// A packet of any kind on its way past the filter: of a connection, related to one, or of none.
struct Passage {
    var direction: Direction
    var transportProtocol: IPProtocol
    var source: IPAddress
    var destination: IPAddress
    var sourcePort: UInt16 = 40_000
    /// Of the packet: its destination port, or type and code.
    var member: UInt16
    var input: String?
    var output: String?
    var user: UInt32?
    var hopLimit: UInt8 = 64
    var flags: TCPFlags = .syn
    var time = CalendarTime(seconds: 0)

    var state: ConnectionState
    var isReply = false
    /// NAT changed the destination of the connection.
    var isTranslated = false
    var isExpected = false
    /// Of the first packet of the connection.
    var askedPort: UInt16
    var askedDestination: IPAddress

    /// The routes lead back to the source by the same interface.
    var leadsBack = true
    /// The destination is an address of the interface that it came by.
    var isOfInterface = true

    var family: IPFamily { source.family }

    /// Connection tracking knows one that it belongs to.
    var hasConnection: Bool { [.new, .established, .related].contains(state) }

    /// What it asks for, by the port before NAT.
    var asked: UInt16 {
        hasConnection && isTranslated && transportProtocol.hasPorts ? askedPort : member
    }

    var packet: Packet {
        var packet = Packet(family: family, inputInterface: input, outputInterface: output)
        packet[.transportProtocol] = UInt128(transportProtocol.number)
        packet[.source] = source.value
        packet[.destination] = destination.value
        packet[.hopLimit] = UInt128(hopLimit)
        packet[.time] = UInt128(time.seconds)
        packet[.user] = user.map { UInt128($0) }
        if transportProtocol.hasPorts {
            packet[.sourcePort] = UInt128(sourcePort)
            packet[.destinationPort] = UInt128(member)
        }
        if transportProtocol.hasTypes { packet[.icmpTypeAndCode] = UInt128(member) }
        if transportProtocol == .tcp { packet[.tcpFlags] = UInt128(flags.rawValue) }
        packet[.connectionState] = UInt128(state.rawValue)
        if hasConnection {
            var status = ConnectionStatus()
            if isTranslated { status.insert(.destinationNAT) }
            if isExpected { status.insert(.expected) }
            packet[.connectionStatus] = UInt128(status.rawValue)
            packet[.connectionDirection] = isReply ? 1 : 0
            packet[.originalDestination] = askedDestination.value
            packet[.originalDestinationPort] = UInt128(askedPort)
        }
        packet[.sourceRoute] = leadsBack ? 1 : 0
        packet[.destinationTypeHere] = UInt128((isOfInterface ? AddressType.local : .unicast).rawValue)
        return packet
    }
}

extension Passage {
    /// On one line, without what is usual.
    var text: String {
        var words = [
            "\(direction)", "\(transportProtocol)", "\(source):\(sourcePort)", "\(destination):\(member)",
        ]
        words += [input.map { "in \($0)" }, output.map { "out \($0)" }, user.map { "user \($0)" }].compactMap(
            \.self
        )
        words += ["\(state)", "flags \(flags.rawValue)", "hops \(hopLimit)"]
        if isReply { words.append("reply") }
        if isTranslated { words.append("asked for \(askedDestination):\(askedPort)") }
        if !leadsBack { words.append("led elsewhere") }
        return words.joined(separator: " ")
    }
}

extension RandomPolicy {
    mutating func passage() -> Passage {
        let direction = pick(Direction.allCases)
        let family = pick(IPFamily.allCases)
        let transportProtocol = pick(Self.protocols.filter { $0.family == nil || $0.family == family })
        let interfaces = ["eth0", "eth1", "br-a", "docker0"] + (direction == .forward ? [] : ["lo"])
        let destination = pick(Self.hosts(family))
        let member: UInt16 =
            transportProtocol.hasPorts ? pick(Self.ports) : transportProtocol.hasTypes ? pick(Self.types) : 0
        var passage = Passage(
            direction: direction,
            transportProtocol: transportProtocol,
            source: pick(Self.hosts(family)),
            destination: destination,
            member: member,
            input: direction == .outbound ? nil : pick(interfaces),
            output: direction == .inbound ? nil : pick(interfaces),
            user: direction == .outbound && chance(2) ? pick([0, 1000, 1001]) : nil,
            hopLimit: pick([1, 64, 255]),
            time: pick([CalendarTime(seconds: 0)] + Self.times),
            state: pick([.new, .new, .new, .established, .established, .related, .invalid, .untracked]),
            askedPort: member,
            askedDestination: destination
        )
        passage.leadsBack = !chance(4)
        passage.isOfInterface = !chance(4)
        if chance(8) { lease(&passage) }
        connect(&passage)
        return passage
    }

    /// DHCP, from either end.
    private mutating func lease(_ passage: inout Passage) {
        let ports: (UInt16, UInt16) = passage.family == .ipv4 ? (67, 68) : (547, 546)
        passage.transportProtocol = .udp
        (passage.sourcePort, passage.member) = chance(2) ? ports : (ports.1, ports.0)
        passage.askedPort = passage.member
    }

    /// What connection tracking says of it.
    private mutating func connect(_ passage: inout Passage) {
        let isOfLink =
            passage.transportProtocol == .icmpv6 && (0x8200...0x88FF).contains(passage.member)
        if isOfLink { passage.state = .untracked }
        switch passage.state {
        case .new: break
        case .established:
            passage.isReply = chance(2)
            passage.flags = .ack
            if passage.isReply { passage.askedPort = pick(Self.ports) }
        case .related: relate(&passage)
        case .invalid, .untracked:
            passage.flags = pick([.syn, .ack, .rst, [], [.fin, .psh, .urg], [.syn, .fin]])
        }
        guard passage.hasConnection, chance(3) else { return }
        passage.isTranslated = true
        passage.askedPort = pick(Self.ports)
        passage.askedDestination = pick(Self.hosts(passage.family))
    }

    /// An ICMP message about a connection, a reset, or a connection that a helper expects.
    private mutating func relate(_ passage: inout Passage) {
        switch pick([0, 0, 1, 2]) {
        case 0:
            passage.transportProtocol = passage.family == .ipv4 ? .icmp : .icmpv6
            passage.member =
                passage.family == .ipv4
                ? pick([0x0300, 0x0304, 0x0B00, 0x0500]) : pick([0x0100, 0x0200, 0x0400])
            passage.isReply = chance(2)
        case 1:
            passage.transportProtocol = .tcp
            passage.flags = [.rst, .ack]
            passage.member = pick(Self.ports)
            passage.isReply = chance(2)
        default:
            passage.transportProtocol = pick([.tcp, .udp])
            passage.member = pick(Self.ports)
            passage.isExpected = true
        }
        passage.askedPort = passage.member
    }
}
