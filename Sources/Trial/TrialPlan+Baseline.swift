import Kernel
import PacketModel
import Policy

/// What holds for every policy.
extension TrialPlan {
    mutating func addBaseline() {
        let link = scene.anyInterface
        for family in IPFamily.allCases {
            addEstablished(family)
            addFlags(family)
            addSpoofedLoopback(family, link)
        }
        addInsideLoopback(link)
        addMappedAddresses(link)
        addNeighbours(link)
        addDHCP(link)
        for family in IPFamily.allCases { addRoutes(family) }
        for direction in Direction.allCases { addRest(direction) }
        for family in IPFamily.allCases { addLog(family) }
    }

    /// A connection that the policy admits without a limit, to show what depends on one.
    func admittedApproach(_ direction: Direction, _ family: IPFamily) -> Approach? {
        witnesses.lazy.map(\.approach).first { approach in
            approach.direction == direction && approach.family == family && approach.transportProtocol == .tcp
                && passesUnlimited(approach) && meaning.isAnswered(approach)
                && !meaning.isTranslated(approach)
                && !meaning.isOwn(direction == .inbound ? approach.source : approach.destination)
        }
    }

    private func passesUnlimited(_ approach: Approach) -> Bool {
        switch meaning.judge(approach) {
        case .admitted, .containers: true
        case .baseline, .dropped, .banned, .denied, .limited, .rest: false
        }
    }

    /// The path of an established connection shrinks, and its sender must learn of it.
    private mutating func addEstablished(_ family: IPFamily) {
        guard policy.baseline.has(.icmpErrors) else { return }
        for direction in [Direction.inbound, .outbound] {
            guard let approach = admittedApproach(direction, family), let port = approach.port,
                meaning.hearsRouter(of: approach)
            else { continue }
            let isInbound = direction == .inbound
            let conversation = Conversation(
                .tcp(port: port),
                isInbound ? .inbound : .outbound(user: approach.user ?? 0),
                from: approach.source,
                to: approach.destination,
                on: (isInbound ? approach.inputInterface : approach.outputInterface) ?? scene.anyInterface,
                pathMTU: 1_400
            )
            add(
                "baseline: established, icmp-errors",
                "\(approach.text), then path MTU 1400",
                family,
                .conversation(conversation),
                .passes
            )
        }
    }

    /// Scans by impossible flags, at a port that is open.
    private mutating func addFlags(_ family: IPFamily) {
        guard policy.baseline.has(.impossibleFlags) || policy.baseline.has(.invalid) else { return }
        let target = admittedApproach(.inbound, family)
        let scans: [(String, TCPFlags)] = [
            ("null", []), ("xmas", [.fin, .psh, .urg]), ("SYN and FIN", [.syn, .fin]),
            ("SYN and RST", [.syn, .rst]),
            ("FIN alone", .fin),
        ]
        for (name, flags) in scans {
            let header = WirePacket.TCPHeader(
                source: UInt16(truncatingIfNeeded: 20_000 + nextNumber()),
                destination: target?.port ?? 22,
                flags: flags
            )
            let packet = WirePacket(
                from: target?.source ?? scene[family].strangers[0],
                to: target?.destination ?? scene[family].host,
                .tcp(header)
            )
            let link = target?.inputInterface ?? scene.anyInterface
            let approach = Approach(
                direction: .inbound,
                transportProtocol: .tcp,
                member: header.destination,
                source: packet.source,
                destination: packet.destination,
                inputInterface: link
            )
            guard !meaning.isTranslated(approach) else { continue }
            add(
                "baseline: impossible-flags, invalid",
                "\(name) scan of tcp/\(header.destination)",
                family,
                .inbound(packet, on: link),
                .silence
            )
        }
    }

    private mutating func addSpoofedLoopback(_ family: IPFamily, _ link: String) {
        guard policy.baseline.has(.spoofedLoopback) else { return }
        let loopback = IPAddress(family: family, value: family == .ipv4 ? 0x7F00_0001 : 1)
        let target = admittedApproach(.inbound, family)
        let header = WirePacket.TCPHeader(
            source: UInt16(truncatingIfNeeded: 20_000 + nextNumber()),
            destination: target?.port ?? 22,
            flags: .syn
        )
        let packet = WirePacket(from: loopback, to: target?.destination ?? scene[family].host, .tcp(header))
        let approach = Approach(
            direction: .inbound,
            transportProtocol: .tcp,
            member: header.destination,
            source: loopback,
            destination: packet.destination,
            inputInterface: link
        )
        // What is sent elsewhere does not come in.
        guard !meaning.isTranslated(approach) else { return }
        add(
            "baseline: spoofed-loopback",
            "tcp/\(header.destination) from \(loopback) in \(link)",
            family,
            .inbound(packet, on: link),
            .silence
        )
    }

    /// A service that listens on a loopback address alone; the namespaces have `route_localnet` set.
    private mutating func addInsideLoopback(_ link: String) {
        guard policy.baseline.has(.spoofedLoopback) else { return }
        let target = admittedApproach(.inbound, .ipv4)
        let approach = Approach(
            direction: .inbound,
            transportProtocol: .tcp,
            member: target?.port ?? 22,
            source: target?.source ?? scene[.ipv4].strangers[0],
            destination: IPAddress(family: .ipv4, value: 0x7F00_0001),
            inputInterface: target?.inputInterface ?? link
        )
        guard !meaning.isTranslated(approach) else { return }
        add(
            "baseline: spoofed-loopback",
            "\(approach.text) to \(approach.destination)",
            .ipv4,
            .inbound(approach.packet(number: nextNumber()), on: approach.inputInterface ?? link),
            .silence
        )
    }

    /// What a UDP service of both families would take for IPv4.
    private mutating func addMappedAddresses(_ link: String) {
        guard policy.baseline.has(.mappedAddresses) else { return }
        let open = witnesses.first { witness in
            witness.approach.direction == .inbound && witness.approach.transportProtocol == .udp
                && witness.approach.family == .ipv6 && passesUnlimited(witness.approach)
        }?.approach
        let approach = Approach(
            direction: .inbound,
            transportProtocol: .udp,
            member: open?.member ?? 53,
            source: IPAddress(family: .ipv6, value: 0xFFFF << 32 | scene[.ipv4].strangers[0].value),
            destination: open?.destination ?? scene[.ipv6].host,
            inputInterface: open?.inputInterface ?? link
        )
        guard !meaning.isTranslated(approach) else { return }
        add(
            "baseline: mapped-addresses",
            approach.text,
            .ipv6,
            .inbound(approach.packet(number: nextNumber()), on: approach.inputInterface ?? link),
            .silence
        )
    }

    private mutating func addNeighbours(_ link: String) {
        guard let neighbour = Self.linkLocal(2), let own = Self.linkLocal(1) else { return }
        if policy.baseline.has(.neighbourDiscovery) {
            let title = "baseline: neighbour-discovery"
            let solicitation = WirePacket.neighbourSolicitation(from: neighbour, to: .allNodes, about: own)
            let advertisement = WirePacket.neighbourAdvertisement(
                from: neighbour,
                to: .allNodes,
                about: neighbour
            )
            add(title, "neighbour solicitation", .ipv6, .inbound(solicitation, on: link), .passes)
            add(title, "neighbour advertisement", .ipv6, .inbound(advertisement, on: link), .passes)
            add(
                title,
                "router advertisement",
                .ipv6,
                .inbound(.routerAdvertisement(from: neighbour), on: link),
                .passes
            )
            var far = advertisement
            far.hopLimit = 64
            // That a router passed it on makes it a packet like others, for the lines to judge.
            var bare = policy
            bare.baseline.parts.remove(.neighbourDiscovery)
            let approach = Approach(
                direction: .inbound,
                transportProtocol: .icmpv6,
                member: 136 << 8,
                source: far.source,
                destination: far.destination,
                inputInterface: link
            )
            if !bare.judge(approach).passes {
                var ofLines = meaning
                ofLines.policy = bare
                let expected = ofLines.stopped(approach)
                add(title, "the same with hop limit 64", .ipv6, .inbound(far, on: link), expected)
            }
        }
        let inside = TestNetwork.linkLocalAddress(ofInsideLink: 0)
        if policy.baseline.has(.neighbourDiscovery) {
            let question = WirePacket.neighbourSolicitation(from: inside, to: .allNodes, about: neighbour)
            add(
                "baseline: neighbour-discovery",
                "neighbour solicitation of the host",
                .ipv6,
                .outbound(question, on: link),
                .passes
            )
        }
        if policy.baseline.has(.multicastListener) {
            let title = "baseline: multicast-listener"
            add(
                title,
                "multicast listener query",
                .ipv6,
                .inbound(.listenerQuery(from: neighbour), on: link),
                .passes
            )
            addFarListenerQuery(title, link)
            let report = WirePacket(
                from: inside,
                to: .allRouters,
                .icmp(type: 143, code: 0, rest: 0),
                hopLimit: 1
            )
            add(title, "multicast listener report of the host", .ipv6, .outbound(report, on: link), .passes)
        }
    }

    /// No router passes such a message on: one from elsewhere is a packet like others, for the lines to judge.
    private mutating func addFarListenerQuery(_ title: String, _ link: String) {
        let approach = Approach(
            direction: .inbound,
            transportProtocol: .icmpv6,
            member: 130 << 8,
            source: scene[.ipv6].strangers[0],
            destination: .allNodes,
            inputInterface: link
        )
        guard !meaning.passes(approach) else { return }
        let query = WirePacket.listenerQuery(from: approach.source)
        let text = "the same from \(approach.source)"
        add(title, text, .ipv6, .inbound(query, on: link), meaning.stopped(approach))
    }

    private mutating func addDHCP(_ link: String) {
        let answers = [UInt16(68), 546].map { port in
            Approach(
                direction: .inbound,
                transportProtocol: .udp,
                member: port,
                source: scene[.ipv4].strangers[0],
                destination: scene[.ipv4].host,
                inputInterface: link
            )
        }
        // A policy may send these away too; then the host gets no lease.
        guard !answers.contains(where: meaning.isTranslated) else { return }
        if policy.baseline.has(.dhcp) {
            let server = scene[.ipv4].strangers[0]
            let offer = WirePacket(from: server, to: scene[.ipv4].host, .udp(source: 67, destination: 68))
            add("baseline: dhcp", "DHCP offer, udp/67 to 68", .ipv4, .inbound(offer, on: link), .passes)
        }
        if policy.baseline.has(.dhcpv6), let server = Self.linkLocal(2) {
            let client = TestNetwork.linkLocalAddress(ofInsideLink: 0)
            let reply = WirePacket(from: server, to: client, .udp(source: 547, destination: 546))
            add("baseline: dhcpv6", "DHCPv6 reply, udp/547 to 546", .ipv6, .inbound(reply, on: link), .passes)
            // ff02::1:2, all servers and relays (RFC 9915).
            let servers = IPAddress(family: .ipv6, value: 0xFF02 << 112 | 0x1_0002)
            let question = WirePacket(from: client, to: servers, .udp(source: 546, destination: 547))
            add(
                "baseline: dhcpv6",
                "DHCPv6 question of the host, udp/546 to 547",
                .ipv6,
                .outbound(question, on: link),
                .passes
            )
        }
    }

    /// More drops than are logged.
    private mutating func addLog(_ family: IPFamily) {
        guard let rate = policy.log.dropped, rate.count <= 100, family == .ipv4 || isQuiet else { return }
        let ends = scene[family]
        let attempts = Int(rate.count) + 10
        let approach = Approach(
            direction: .inbound,
            transportProtocol: .udp,
            member: 31_337,
            source: ends.strangers[0],
            destination: ends.host,
            inputInterface: scene.anyInterface
        )
        guard meaning.judge(approach) == .rest, !meaning.isTranslated(approach) else { return }
        let probes = (0..<attempts).map { _ in
            Probe.inbound(approach.packet(number: nextNumber()), on: scene.anyInterface)
        }
        add(
            TrialCase(
                title: "log: dropped \(rate)",
                sent: "\(attempts) x \(approach.text)",
                family: family,
                probes: probes,
                expectation: .isLogged(Int(rate.count)...Int(rate.count)),
                refill: Double(rate.count) / Double(rate.unit.seconds)
            )
        )
    }

    /// Whether nothing that the other end says of its own accord is dropped and logged, too.
    private var isQuiet: Bool {
        [.neighbourDiscovery, .multicastListener].allSatisfy(policy.baseline.has)
    }

    /// What no line speaks of.
    private mutating func addRest(_ direction: Direction) {
        for family in IPFamily.allCases {
            let ends = scene[family]
            let (source, destination) =
                switch direction {
                case .inbound: (ends.strangers[0], ends.host)
                case .outbound: (ends.host, ends.strangers[0])
                case .forward: (ends.strangers[0], ends.strangers[1])
                }
            for (transportProtocol, member) in [(IPProtocol.tcp, UInt16(31_337)), (.udp, 31_337)] {
                let approach = Approach(
                    direction: direction,
                    transportProtocol: transportProtocol,
                    member: member,
                    source: source,
                    destination: destination,
                    inputInterface: direction == .outbound ? nil : scene.interfaces[0],
                    outputInterface: direction == .inbound
                        ? nil : scene.interfaces[direction == .outbound ? 0 : 1],
                    user: direction == .outbound ? 0 : nil
                )
                guard !meaning.passes(approach), !meaning.isTranslated(approach) else { continue }
                add("the rest: \(direction.rawValue)", approach.text, approach)
            }
        }
    }

    private static func linkLocal(_ host: UInt128) -> IPAddress? {
        IPAddress(family: .ipv6, value: 0xFE80 << 112 | 0xABCD << 16 | host)
    }
}

extension Approach {
    /// The port that is asked for.
    var port: UInt16? { transportProtocol.hasPorts ? member : nil }
}
