import PacketModel
import Policy

@testable import Kernel

/// Packets of any kind from a seed, with what must come before them.
struct RandomStories {
    private var random: RandomPolicy
    /// What all packets meet.
    private let time = CalendarTime.now

    init(seed: UInt64) { random = RandomPolicy(seed: seed) }

    /// So many, no two of one connection.
    mutating func stories(_ count: Int) -> [WireStory] {
        var result: [WireStory] = []
        var connections: Set<String> = []
        while result.count < count {
            guard let story = story(result.count + 1), connections.isDisjoint(with: story.connection) else {
                continue
            }
            connections.formUnion(story.connection)
            result.append(story)
        }
        // What comes in meets limits before what the host sends.
        return result.filter { $0.step.input != nil } + result.filter { $0.step.input == nil }
    }

    /// Nil where there is no such packet.
    private mutating func story(_ number: Int) -> WireStory? {
        let family = random.pick(IPFamily.allCases)
        let ends = ends(family)
        switch random.pick([0, 0, 0, 1, 1, 1, 2, 3, 4]) {
        case 0: return opening(number, ends)
        case 1: return later(number, ends)
        case 2: return related(number, ends)
        case 3: return lone(number, ends, isTracked: false)
        default: return lone(number, ends, isTracked: true)
        }
    }

    // MARK: Ends

    /// The two ends of a packet, and its way.
    fileprivate struct Ends {
        var direction: Direction
        var source: IPAddress
        var destination: IPAddress
        var input: String?
        var output: String?
        var user: UInt32?

        var family: IPFamily { source.family }

        /// Both are hosts that answers reach.
        var arePlain: Bool {
            let places = [source, destination].map { TestPlaces.link(of: $0) != nil || TestPlaces.isOwn($0) }
            return !places.contains(false)
                && ![source, destination].contains { $0.isLoopback || $0 == TestPlaces.linkLocal }
                && (direction == .inbound
                    ? TestPlaces.link(of: source) != nil : TestPlaces.link(of: destination) != nil)
                && (direction != .forward || TestPlaces.link(of: source) != nil)
        }
    }

    private mutating func ends(_ family: IPFamily) -> Ends {
        let direction = random.pick(Direction.allCases)
        let (input, output) = (random.pick(TestPlaces.links), random.pick(TestPlaces.links))
        let own = ownAddress(family)
        switch direction {
        case .inbound:
            return Ends(
                direction: direction,
                source: foreignSource(family, input),
                destination: own,
                input: input
            )
        case .forward:
            let target = TestPlaces.neighbour(output, family)
            let source = foreignSource(family, input)
            return Ends(
                direction: direction,
                source: source,
                destination: target,
                input: input,
                output: output
            )
        case .outbound:
            let user = random.pick([UInt32(0), 1000, 1001])
            if random.chance(6) {
                return Ends(
                    direction: direction,
                    source: own,
                    destination: ownAddress(family),
                    output: "lo",
                    user: user
                )
            }
            let isNear = family == .ipv6 && random.chance(6)
            let target = isNear ? TestPlaces.linkLocalNeighbour : TestPlaces.neighbour(output, family)
            return Ends(direction: direction, source: own, destination: target, output: output, user: user)
        }
    }

    private mutating func ownAddress(_ family: IPFamily) -> IPAddress {
        if random.chance(6) { return family == .ipv4 ? RandomPolicy.onNoWire(.ipv4) : TestPlaces.linkLocal }
        return TestPlaces.own(random.pick(TestPlaces.links), family)
    }

    /// Of who sends by a link: mostly of those behind it.
    private mutating func foreignSource(_ family: IPFamily, _ link: String) -> IPAddress {
        if random.chance(8) {
            let others = [
                TestPlaces.own(random.pick(TestPlaces.links), family), RandomPolicy.onNoWire(family),
            ]
            return random.pick(family == .ipv6 ? others + [TestPlaces.linkLocalNeighbour] : others)
        }
        return TestPlaces.neighbour(random.chance(4) ? random.pick(TestPlaces.links) : link, family)
    }

    // MARK: Kinds of packets

    /// The first packet of a connection.
    private mutating func opening(_ number: Int, _ ends: Ends) -> WireStory? {
        if random.chance(8) { return lease(number, ends) }
        let kind = random.pick([IPProtocol.tcp, .tcp, .udp, .udp, echo(ends.family), .esp, .igmp])
        guard kind.family == nil || kind.family == ends.family else { return nil }
        let packet = first(kind, number, from: ends.source, to: ends.destination)
        var story = self.story(number, ends, packet, .new)
        if random.chance(4), [.tcp, .udp].contains(kind) { translate(&story, ends) }
        return story
    }

    /// DHCP, from either end.
    private mutating func lease(_ number: Int, _ ends: Ends) -> WireStory {
        let ports: (UInt16, UInt16) = ends.family == .ipv4 ? (67, 68) : (547, 546)
        let (from, to) = random.chance(2) ? ports : (ports.1, ports.0)
        let packet = WirePacket(
            from: ends.source,
            to: ends.destination,
            .udp(source: from, destination: to),
            payload: WireStory.payload(number)
        )
        return story(number, ends, packet, .new)
    }

    /// A later packet of a connection, one way or the other.
    private mutating func later(_ number: Int, _ ends: Ends) -> WireStory? {
        guard ends.arePlain else { return nil }
        let kind = random.pick([IPProtocol.tcp, .tcp, .udp, echo(ends.family)])
        if random.chance(2) {
            let opening = first(kind, number, from: ends.source, to: ends.destination)
            var story = self.story(number, ends, next(opening), .established)
            var from = opening
            if random.chance(3), [.tcp, .udp].contains(kind) {
                translate(&story, ends)
                from.destination = story.passage.askedDestination
                from.transport = from.transport.asking(for: story.passage.askedPort)
                story.step.packet = next(from)
            }
            // The answer comes from where the connection was sent to.
            var answered = opening
            if let translation = story.translation {
                answered.transport = opening.transport.asking(for: translation.port ?? 0)
            }
            story.before = [step(from, ends), answer(answer(to: answered), ends)]
            return story
        }
        // The connection was begun by the other end.
        let back = ends.reversed(random.pick([UInt32(0), 1000]))
        let opening = first(kind, number, from: back.source, to: back.destination)
        var story = self.story(number, ends, answer(to: opening), .established)
        story.passage.isReply = true
        let asked = opening.transport.member
        (story.passage.askedPort, story.passage.askedDestination) = (asked, opening.destination)
        story.before = [step(opening, back)]
        return story
    }

    /// An ICMP error about a connection.
    private mutating func related(_ number: Int, _ ends: Ends) -> WireStory? {
        guard ends.arePlain else { return nil }
        let isReply = random.chance(2)
        let kind = random.pick([IPProtocol.tcp, .udp])
        // What the error is about went the other way, to somebody behind the router.
        let about = ends.reversed(0)
        let opening =
            isReply
            ? first(kind, number, from: about.source, to: about.destination)
            : first(kind, number, from: about.destination, to: about.source)
        let types: [(UInt8, UInt8)] =
            ends.family == .ipv4 ? [(3, 0), (3, 4), (11, 0), (5, 0)] : [(1, 0), (2, 0), (4, 0)]
        let (type, code) = random.pick(types)
        let quoted = isReply ? opening : answer(to: opening)
        let packet = WirePacket.icmpError(from: ends.source, type: type, code: code, quoting: quoted)
        var story = self.story(number, ends, packet, .related)
        story.passage.isReply = isReply
        story.before = isReply ? [step(opening, about)] : [step(opening, ends), step(quoted, about)]
        return story
    }

    /// A packet of no connection: one that starts none, or one that is not tracked.
    private mutating func lone(_ number: Int, _ ends: Ends, isTracked: Bool) -> WireStory? {
        let kinds: [IPProtocol] = [.tcp, .udp, ends.family == .ipv4 ? .icmp : .icmpv6]
        var packet = first(
            random.pick(isTracked ? [kinds[0], kinds[2]] : kinds),
            number,
            from: ends.source,
            to: ends.destination
        )
        packet.hopLimit = ends.direction == .forward ? 64 : random.pick([1, 64, 255])
        var state: ConnectionState = isTracked ? .invalid : .untracked
        switch packet.transport {
        case .tcp(var header):
            let broken: [TCPFlags] = [
                .rst, [.syn, .ack], [.fin, .ack], [], [.fin, .psh, .urg], [.syn, .fin],
            ]
            header.flags = random.pick(isTracked ? broken + [.ack] : broken + [.syn, .ack])
            // Connection tracking takes it for one that it did not see begin (nf_conntrack_tcp_loose).
            if isTracked, header.flags == .ack { state = .new }
            packet.transport = .tcp(header)
        case .icmp(_, _, let rest):
            let members = RandomPolicy.types.filter { ($0 >= 0x8000) == (ends.family == .ipv6) }
            let member = random.pick(members)
            packet.transport = .icmp(type: UInt8(member >> 8), code: UInt8(member & 0xFF), rest: rest)
            if isTracked, [8, 128].contains(member >> 8) { state = .new }
            // Of neighbours and of listeners, which connection tracking does not follow.
            if member > 0x8100 { state = .untracked }
        case .udp, .opening, .other: break
        }
        var story = self.story(number, ends, packet, state)
        story.step.isTracked = isTracked
        return story
    }

    // MARK: Packets

    private func echo(_ family: IPFamily) -> IPProtocol { family == .ipv4 ? .icmp : .icmpv6 }

    /// What opens a connection of the number.
    private mutating func first(
        _ kind: IPProtocol,
        _ number: Int,
        from source: IPAddress,
        to destination: IPAddress
    )
        -> WirePacket
    {
        let (port, asked) = (WireStory.port(number), random.pick(RandomPolicy.ports))
        let transport: WirePacket.Transport =
            switch kind {
            case .tcp: .tcp(WirePacket.TCPHeader(source: port, destination: asked, flags: .syn))
            case .udp: .udp(source: port, destination: asked)
            case .icmp, .icmpv6:
                .icmp(type: kind == .icmp ? 8 : 128, code: 0, rest: UInt32(port) << 16 | 1)
            default: .other(kind)
            }
        return WirePacket(from: source, to: destination, transport, payload: WireStory.payload(number))
    }

    /// What the first sender says after an answer.
    private func next(_ opening: WirePacket) -> WirePacket {
        guard case .tcp(var header) = opening.transport else { return opening }
        let length = UInt32(opening.payload.count)
        (header.flags, header.sequence, header.acknowledgement) = (.ack, header.sequence + 1 + length, 2)
        var packet = opening
        packet.transport = .tcp(header)
        return packet
    }

    private func answer(to opening: WirePacket) -> WirePacket {
        var packet = opening
        (packet.source, packet.destination) = (opening.destination, opening.source)
        switch opening.transport {
        case .tcp(let header):
            let acknowledged = header.sequence + 1 + UInt32(opening.payload.count)
            packet.payload = []
            packet.transport = .tcp(
                WirePacket.TCPHeader(
                    source: header.destination,
                    destination: header.source,
                    flags: [.syn, .ack],
                    acknowledgement: acknowledged
                )
            )
        case .udp(let source, let destination):
            packet.transport = .udp(source: destination, destination: source)
        case .icmp(let type, let code, let rest):
            packet.transport = .icmp(type: type == 8 ? 0 : 129, code: code, rest: rest)
        case .opening, .other: break
        }
        return packet
    }

    /// An engine sends the connection on: what is asked for is an address of the host, or of somebody else.
    private mutating func translate(_ story: inout WireStory, _ ends: Ends) {
        guard ends.arePlain else { return }
        let asked =
            ends.direction == .outbound
            ? TestPlaces.neighbour(random.pick(TestPlaces.links), ends.family)
            : TestPlaces.own(random.pick(TestPlaces.links), ends.family)
        guard asked != ends.destination else { return }
        let port = random.pick(RandomPolicy.ports)
        story.translation = WireStory.Translation(destination: ends.destination, port: story.passage.member)
        (story.passage.isTranslated, story.passage.askedPort) = (true, port)
        story.passage.askedDestination = asked
        // OUTPUT sees the way that was chosen before (net/ipv4/netfilter.c, `ip_route_me_harder`, leaves `state->out`).
        if ends.direction == .outbound { story.passage.output = TestPlaces.link(of: asked) }
        story.step.packet.destination = asked
        story.step.packet.transport = story.step.packet.transport.asking(for: port)
    }

    private func step(_ packet: WirePacket, _ ends: Ends) -> WireStory.Step {
        WireStory.Step(packet: packet, input: ends.input, user: ends.user ?? 0, output: ends.output)
    }

    /// As ``step(_:_:)`` of what comes back.
    private func answer(_ packet: WirePacket, _ ends: Ends) -> WireStory.Step {
        step(packet, ends.reversed(0))
    }

    private func story(_ number: Int, _ ends: Ends, _ packet: WirePacket, _ state: ConnectionState)
        -> WireStory
    {
        var passage = Passage(
            direction: ends.direction,
            transportProtocol: packet.transport.number(in: ends.family),
            source: ends.source,
            destination: ends.destination,
            sourcePort: packet.transport.sourcePort,
            member: packet.transport.member,
            input: ends.input,
            output: ends.output,
            user: ends.user,
            hopLimit: packet.hopLimit,
            flags: packet.transport.flags,
            time: time,
            state: state,
            askedPort: packet.transport.member,
            askedDestination: ends.destination
        )
        let input = ends.input ?? ""
        passage.leadsBack =
            ends.source == TestPlaces.linkLocalNeighbour || TestPlaces.link(of: ends.source) == input
        passage.isOfInterface =
            ends.destination == TestPlaces.own(input, ends.family) || ends.destination == TestPlaces.linkLocal
        return WireStory(number: number, passage: passage, step: step(packet, ends))
    }
}

extension RandomStories.Ends {
    /// The way back; what the host sends is of the user.
    fileprivate func reversed(_ sender: UInt32) -> Self {
        let direction: Direction =
            switch direction {
            case .inbound: .outbound
            case .outbound: .inbound
            case .forward: .forward
            }
        return Self(
            direction: direction,
            source: destination,
            destination: source,
            input: output,
            output: input,
            user: direction == .outbound ? sender : nil
        )
    }
}

extension WirePacket.Transport {
    /// The port that is asked for, or type and code.
    fileprivate var member: UInt16 {
        switch self {
        case .tcp(let header): header.destination
        case .udp(_, let destination), .opening(_, _, let destination): destination
        case .icmp(let type, let code, _): UInt16(type) << 8 | UInt16(code)
        case .other: 0
        }
    }

    fileprivate var sourcePort: UInt16 {
        switch self {
        case .tcp(let header): header.source
        case .udp(let source, _), .opening(_, let source, _): source
        case .icmp, .other: 0
        }
    }

    fileprivate var flags: TCPFlags {
        if case .tcp(let header) = self { header.flags } else { [] }
    }

    fileprivate func asking(for port: UInt16) -> Self {
        switch self {
        case .tcp(var header):
            header.destination = port
            return .tcp(header)
        case .udp(let source, _): return .udp(source: source, destination: port)
        case .icmp, .opening, .other: return self
        }
    }
}
