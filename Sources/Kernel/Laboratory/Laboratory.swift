import PacketModel

/// Sends probes through a test network and says what became of them.
package struct Laboratory: Sendable {
    package let network: TestNetwork
    /// After this time without an answer a probe is silent; all probes of a batch share it.
    package var window: Duration

    package init(_ network: TestNetwork, window: Duration = .milliseconds(300)) {
        self.network = network
        self.window = window
    }

    /// The most probes that are under way at once, so that descriptors and buffers suffice.
    private static let batchSize = 200

    /// Runs the probes, in their order, many at once; the outcomes stand in the order of the probes.
    ///
    /// Probes that need the same outside address on different links are run one batch after another.
    package func run(_ probes: [Probe]) async throws -> [Outcome] {
        var outcomes: [Outcome] = []
        var rest = probes[...]
        while !rest.isEmpty {
            var places = Places()
            let batch = Array(rest.prefix(Self.batchSize).prefix { places.take($0, in: network) })
            try await places.arrange(in: network)
            outcomes += try await OwnThread.run {
                try ProbeBatch(batch, in: network).run(window: window)
            }
            rest = rest.dropFirst(batch.count)
        }
        return outcomes
    }

    package func run(_ probe: Probe) async throws -> Outcome {
        try await run([probe]).first ?? Outcome(.silence)
    }
}

/// Where the addresses of a batch of probes live.
private struct Places {
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

    /// Notes where the addresses of a probe must live; false when one lives elsewhere already.
    mutating func take(_ probe: Probe, in network: TestNetwork) -> Bool {
        let wanted = Self.places(of: probe, in: network).filter { $0.0.isRoutable }
        guard wanted.allSatisfy({ places[$0.0] == nil || places[$0.0] == $0.1 }) else { return false }
        for (address, place) in wanted { places[address] = place }
        return true
    }

    func arrange(in network: TestNetwork) async throws(ToolError) {
        for (place, entries) in Dictionary(grouping: places, by: \.value) {
            let addresses = entries.map(\.key).sorted()
            switch place.kind {
            case .lives: try await network.adopt(addresses, on: place.link)
            case .routed: try await network.route(addresses, by: place.link)
            case .inside: try await network.reach(addresses, by: place.link)
            }
        }
    }

    private static func places(of probe: Probe, in network: TestNetwork) -> [(IPAddress, Place)] {
        let insideAddresses = Set(network.links.flatMap(\.inside).map(\.address))
        func routed(_ address: IPAddress, _ link: String) -> [(IPAddress, Place)] {
            insideAddresses.contains(address) ? [] : [(address, Place(kind: .routed, link: link))]
        }
        switch probe {
        case .inbound(let packet, let link):
            return routed(packet.source, link)
        case .forwarded(let packet, let link, let leaving):
            return routed(packet.source, link) + routed(packet.destination, leaving)
        case .outbound(let packet, _, let link):
            guard let link = link ?? network.links.first?.name else { return [] }
            return routed(packet.destination, link)
        case .conversation(let conversation):
            let lives = Place(kind: .lives, link: conversation.link)
            switch conversation.direction {
            case .inbound:
                let inside = Place(kind: .inside, link: conversation.link)
                return [(conversation.client, lives), (conversation.server, inside)]
            case .outbound:
                return [(conversation.server, lives)]
            }
        }
    }
}
