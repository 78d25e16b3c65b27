import PacketModel

/// Where the addresses of probes must live.
struct ProbePlaces {
    private enum Kind: Hashable {
        /// The outside has the address.
        case lives
        /// Packets to the address go that way; nobody has it.
        case routed
        /// The address is of the inside; the outside sends to it that way.
        case inside
    }

    private struct Place: Hashable {
        var kind: Kind
        var link: String
    }

    private var places: [IPAddress: Place] = [:]

    init(of probe: Probe, in network: TestNetwork) {
        for (address, place) in Self.places(of: probe, in: network) where address.isRoutable {
            places[address] = place
        }
    }

    /// Whether both can hold at once.
    func agree(with other: ProbePlaces) -> Bool {
        other.places.allSatisfy { places[$0.key] == nil || places[$0.key] == $0.value }
    }

    mutating func take(_ other: ProbePlaces) {
        places.merge(other.places) { mine, _ in mine }
    }

    func arrange(in network: TestNetwork) async throws(ToolError) {
        func addresses(_ kind: Kind) -> [(IPAddress, String)] {
            places.filter { $0.value.kind == kind }.map { ($0.key, $0.value.link) }.sorted { $0.0 < $1.0 }
        }
        try await network.arrange(
            living: addresses(.lives),
            routed: addresses(.routed),
            reached: addresses(.inside)
        )
    }

    private static func places(of probe: Probe, in network: TestNetwork) -> [(IPAddress, Place)] {
        let insideAddresses = Set(network.links.flatMap(\.inside).map(\.address))
        func routed(_ address: IPAddress, _ link: String) -> [(IPAddress, Place)] {
            insideAddresses.contains(address) ? [] : [(address, Place(kind: .routed, link: link))]
        }
        switch probe {
        case .inbound(let packet, let link):
            return routed(packet.source, link)
        case .forwarded(let packet, let link, let leaving, let destination):
            return routed(packet.source, link) + routed(destination ?? packet.destination, leaving)
        case .outbound(let packet, _, let link):
            guard let link = link ?? network.links.first?.name else { return [] }
            return routed(packet.destination, link)
        case .conversation(let conversation):
            let lives = Place(kind: .lives, link: conversation.link)
            let inside = Place(kind: .inside, link: conversation.link)
            switch conversation.direction {
            case .inbound: return [(conversation.client, lives), (conversation.server, inside)]
            // The answers come back by the link, too.
            case .outbound: return [(conversation.server, lives), (conversation.client, inside)]
            }
        }
    }
}
