import Netfilter
package import PacketModel

/// The first packet of a connection, the answer to it, and the packet after that: each only if the one before passes.
package struct ExplainedConnection: Sendable {
    package enum Part: String, CaseIterable, Sendable {
        case first
        case reply
        case next
    }

    package struct Turn: Sendable {
        package let part: Part
        package let description: PacketDescription
        package let outcomes: Outcomes
    }

    package fileprivate(set) var turns: [Turn] = []
    /// What was sent belongs to no connection that tracking would know, so no answer belongs to it.
    package fileprivate(set) var isNoConnection = false

    /// `accept` when every packet passes whatever is not known, `drop` when one never does, else `depends`.
    package var verdict: String {
        if turns.contains(where: { !$0.outcomes.fates.contains(.accept) && $0.outcomes.isComplete }) {
            return "drop"
        }
        if isNoConnection { return turns.last?.outcomes.verdict ?? "depends" }
        let isWhole = turns.count == Part.allCases.count
        return isWhole && turns.allSatisfy { $0.outcomes.verdict == "accept" } ? "accept" : "depends"
    }

    /// The packet that does not pass.
    package var failing: Turn? { turns.first { !$0.outcomes.fates.contains(.accept) } }
}

extension PacketExplainer {
    /// Follows a connection as far as its packets may pass.
    package mutating func follow(_ description: PacketDescription) -> ExplainedConnection {
        var connection = ExplainedConnection()
        let outcomes = explain(description)
        connection.turns.append(
            ExplainedConnection.Turn(part: .first, description: description.completed, outcomes: outcomes)
        )
        guard let assumed = outcomes.assumptionsOfPassing else { return connection }
        let end = simulator.end(of: description.packet, assuming: assumed)
        guard description.packet[.connectionState] != UInt128(ConnectionState.invalid.rawValue) else {
            connection.isNoConnection = true
            return connection
        }
        simulator.trustsTypes = true
        defer { simulator.trustsTypes = false }
        let reply = end.reply(to: description.completed)
        guard turn(.reply, reply, end, &connection) else { return connection }
        var next = description.completed
        if next.transportProtocol == .tcp { next.flags = .ack }
        next.state = reply.state
        _ = turn(.next, next, end, &connection)
        return connection
    }

    /// False when it does not pass.
    private mutating func turn(
        _ part: ExplainedConnection.Part,
        _ description: PacketDescription,
        _ end: PacketEnd,
        _ connection: inout ExplainedConnection
    ) -> Bool {
        let outcomes = explain(end.packet(description, isReply: part == .reply))
        connection.turns.append(
            ExplainedConnection.Turn(part: part, description: description, outcomes: outcomes)
        )
        return outcomes.assumptionsOfPassing != nil
    }
}

/// A packet behind all rules, with what connection tracking noted.
struct PacketEnd {
    var packet: Packet
    /// It was taken to be sent to an address of this host.
    var isOwn: Bool

    /// The answer, as it comes to this host or leaves it.
    func reply(to first: PacketDescription) -> PacketDescription {
        let family = packet.family
        func address(_ field: Field) -> IPAddress? {
            packet[field].map { IPAddress(family: family, value: $0) }
        }
        func port(_ field: Field) -> UInt16? { packet[field].map { UInt16(truncatingIfNeeded: $0) } }
        var reply = PacketDescription()
        reply.family = family
        reply.transportProtocol = first.transportProtocol
        reply.source = address(.replySource) ?? address(.destination)
        reply.destination = address(.replyDestination) ?? address(.source)
        if first.sourcePort != nil {
            reply.sourcePort = port(.replySourcePort) ?? port(.destinationPort)
            reply.destinationPort = port(.replyDestinationPort) ?? port(.sourcePort)
        }
        reply.icmpType = first.icmpType.map { $0.answer(family) }
        reply.icmpCode = first.icmpCode
        if first.transportProtocol == .tcp { reply.flags = [.syn, .ack] }
        // Who receives sends the answer, back to where the question came from.
        reply.inputInterface = packet.outputInterface
        reply.outputInterface = packet.inputInterface
        if isTracked { reply.state = .established }
        return reply.completed
    }

    private var isTracked: Bool {
        packet[.connectionState] != UInt128(ConnectionState.untracked.rawValue)
    }

    /// A later packet of the connection, with what is noted of that.
    func packet(_ description: PacketDescription, isReply: Bool) -> Packet {
        var later = description.packet
        guard isTracked else { return later }
        let noted: [Field] = [
            .connectionMark, .originalSource, .originalDestination, .originalSourcePort,
            .originalDestinationPort, .replySource, .replyDestination, .replySourcePort,
            .replyDestinationPort, .connectionProtocol,
        ]
        for field in noted { later[field] = packet[field] }
        let status = packet[.connectionStatus] ?? 0
        // Seen an answer, and confirmed (linux/netfilter/nf_conntrack_common.h).
        later[.connectionStatus] = status | 1 << 1 | 1 << 3
        later[.connectionDirection] = isReply ? 1 : 0
        let isTranslatedBack = isReply && status & UInt128(ConnectionStatus.sourceNAT.rawValue) != 0
        if later.inputInterface != nil, later.outputInterface != nil, isTranslatedBack || !isReply && isOwn {
            later[.destinationType] = UInt128(AddressType.local.rawValue)
        }
        return later
    }
}

extension Simulator {
    /// What becomes of the packet, without any match remembering it.
    fileprivate mutating func end(of packet: Packet, assuming assumed: [Int: Int]) -> PacketEnd {
        let before = state
        assumptions = assumed
        _ = run(packet)
        (assumptions, state) = ([:], before)
        return PacketEnd(packet: packetAtEnd, isOwn: isTakenAsOwn == true)
    }
}

extension UInt8 {
    /// The type of ICMP that answers this one (RFC 792, RFC 950, RFC 4443).
    fileprivate func answer(_ family: IPFamily) -> UInt8 {
        switch (family, self) {
        case (.ipv4, 8): 0
        case (.ipv4, 13), (.ipv4, 15), (.ipv4, 17), (.ipv6, 128): self + 1
        default: self
        }
    }
}
