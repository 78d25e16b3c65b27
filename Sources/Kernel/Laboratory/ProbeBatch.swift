import CKernel
import Glibc
import Netlink
import PacketModel
import SystemPackage

/// Probes that are under way at once. Lives on one ``OwnThread``.
final class ProbeBatch {
    let probes: [Probe]
    let network: TestNetwork
    let tags: [ProbeTag]
    private let numbers: [ProbeTag: Int]
    private var outcomes: [Outcome]
    private var isSettled: [Bool]

    /// The probe that a reset or an ICMP error refuses, by the flow of the refused packet.
    private var flows: [Flow: Int] = [:]
    /// TCP connections from inside, which carry no tag in their first packet; the source may be translated.
    private var leaving: [Flow: Int] = [:]

    /// Whether something was seen since the heralds were sent last.
    private var hasSeen = false

    let world: OutsideWorld
    let inside: InsideEnd
    private var clients: [Int: ConversationClient] = [:]
    private var servers = EchoServers()

    /// Enters both namespaces in turn and opens what the probes need.
    ///
    /// The thread stays on its processor: what it sends is then received in the order in which it was sent.
    init(_ probes: [Probe], in network: TestNetwork) throws {
        self.probes = probes
        self.network = network
        let run = UInt32.random(in: .min ... .max)
        tags = probes.indices.map { ProbeTag(number: $0, run: run) }
        numbers = Dictionary(uniqueKeysWithValues: zip(tags, probes.indices))
        outcomes = probes.map { _ in Outcome(.silence) }
        isSettled = probes.map { _ in false }

        _ = kernel_stay_on_processor()
        try network.outside.enter()
        world = try OutsideWorld(network)
        for case .conversation(let conversation) in probes where conversation.isOutbound {
            try servers.listen(for: conversation)
        }
        for (index, probe) in probes.enumerated() {
            guard case .conversation(let conversation) = probe, !conversation.isOutbound else { continue }
            clients[index] = try ConversationClient(conversation, tags[index])
        }
        try network.inside.enter()
        inside = try InsideEnd(probes)
        for case .conversation(let conversation) in probes where !conversation.isOutbound {
            try servers.listen(for: conversation)
        }
        for (index, probe) in probes.enumerated() {
            guard case .conversation(let conversation) = probe, conversation.isOutbound else { continue }
            clients[index] = try ConversationClient(conversation, tags[index])
        }
    }

    /// Sends everything, and looks until all is settled, the time is over, or silence is told by heralds: they are
    /// sent there and back behind everything else, so that what they find nothing before has not arrived.
    func run(window: Duration, heralds: Heralds?) throws -> [Outcome] {
        for index in probes.indices { try start(index) }
        let clock = ContinuousClock()
        let deadline = clock.now + window
        var quietRounds = 0
        heralds?.send()
        while clock.now < deadline, isSettled.contains(false) {
            let sockets = interests + (heralds?.interests ?? [])
            _ = Poll.ready(sockets, within: deadline - clock.now)
            let isRoundOver = heralds?.haveReturned() ?? false
            observe()
            guard isRoundOver else { continue }
            quietRounds = hasSeen ? 0 : quietRounds + 1
            if quietRounds == Heralds.rounds { break }
            hasSeen = false
            heralds?.send()
        }
        for (index, client) in clients where !isSettled[index] {
            if let refusal = client.refusal, outcomes[index].observation == .silence {
                outcomes[index].observation = .refused(refusal)
            }
        }
        return outcomes
    }

    private var interests: [Poll.Interest] {
        var result = [
            Poll.Interest(socket: world.capture.socket), Poll.Interest(socket: inside.capture.socket),
        ]
        result += inside.receivers.map { Poll.Interest(socket: $0) }
        result += servers.sockets.map { Poll.Interest(socket: $0) }
        for (index, client) in clients where !isSettled[index] && client.error == nil {
            result.append(Poll.Interest(socket: client.socket, writing: client.isConnecting))
        }
        return result
    }

    private func start(_ index: Int) throws {
        switch probes[index] {
        case .inbound(let packet, let link), .forwarded(let packet, let link, _, _):
            flows[Flow(of: packet)] = index
            try world.inject(packet.tagged(tags[index]), on: link)
        case .outbound(let packet, let user, let link):
            let tagged = packet.tagged(tags[index])
            flows[Flow(of: packet)] = index
            leaving[Flow(of: packet).withoutSource] = index
            try inside.send(tagged, user: user, by: link)
        case .conversation(let conversation):
            guard let client = clients[index] else { return }
            client.start()
            flows[try client.flow] = index
            if case .ping = conversation.kind, !conversation.isOutbound, let request = client.request {
                try world.inject(request, on: conversation.link)
            }
        }
    }

    private func observe() {
        if servers.serve() { hasSeen = true }
        for (packet, interface) in inside.capture.drain() {
            hasSeen = true
            if interface == InsideEnd.loopback { noteRefusal(by: packet) }
        }
        for bytes in inside.arrivals() {
            hasSeen = true
            guard let tag = ProbeTag(endOf: bytes), let index = numbers[tag] else { continue }
            if case .inbound = probes[index] { settle(index, Outcome(.passed)) }
            clients[index]?.noteReply(bytes)
        }
        for (packet, interface) in world.capture.drain() {
            hasSeen = true
            note(packet, from: interface)
        }
        for (index, client) in clients where !isSettled[index] {
            if client.step() { hasSeen = true }
            if client.hasAnswer { finish(index, client) }
        }
    }

    /// A packet that left the machine.
    private func note(_ packet: WirePacket, from interface: Int32) {
        if noteRefusal(by: packet) { return }
        for flow in [Flow(of: packet), Flow(of: packet).reversed] {
            if let index = flows[flow] { clients[index]?.lastFromInside = packet }
        }
        let tagged = ProbeTag(endOf: packet.payload).flatMap { numbers[$0] }
        guard let index = tagged ?? leaving[Flow(of: packet).withoutSource] else { return }
        switch probes[index] {
        case .inbound: break
        case .forwarded(_, _, let link, _):
            if interface == world.interfaces[link] { settle(index, Outcome(.passed, seen: packet)) }
        case .outbound: settle(index, Outcome(.passed, seen: packet))
        case .conversation(let conversation):
            if !conversation.isOutbound { clients[index]?.noteReply(packet.transportBytes) }
        }
    }

    @discardableResult
    private func noteRefusal(by packet: WirePacket) -> Bool {
        let refused: (Flow, Observation.Refusal)
        if let quoted = packet.quotedPacket {
            refused = (Flow(of: quoted), .icmp)
        } else if case .tcp(let header) = packet.transport, header.flags.contains(.rst) {
            refused = (Flow(of: packet).reversed, .reset)
        } else {
            return false
        }
        if let index = flows[refused.0], !isSettled[index], outcomes[index].observation == .silence {
            // Not settled yet: a packet that arrived may have been answered so by the machine itself.
            outcomes[index].observation = .refused(refused.1)
        }
        return true
    }

    /// The echo came; a path that shrinks is looked at afterwards.
    private func finish(_ index: Int, _ client: ConversationClient) {
        guard let mtu = client.conversation.pathMTU else { return settle(index, Outcome(.passed)) }
        let socket = client.conversation.isOutbound ? client.socket : servers.connection(with: tags[index])
        guard let socket, let quoted = client.quotable else { return }
        if !client.isPathShrunk {
            hasSeen = true
            client.isPathShrunk = world.shrinkPath(of: quoted, to: mtu, on: client.conversation.link)
        }
        if socket.pathMTU(quoted.family) == mtu { settle(index, Outcome(.passed)) }
    }

    private func settle(_ index: Int, _ outcome: Outcome) {
        outcomes[index] = outcome
        isSettled[index] = true
    }
}
