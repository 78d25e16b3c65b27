package import PacketModel

extension TestNetwork {
    enum Side: UInt8 {
        case inside = 1
        case outside = 2
    }

    /// The hardware address of an end: locally administered, the number of the link at its end.
    static func hardwareAddress(_ side: Side, link index: Int) -> [UInt8] {
        [0x02, 0, 0, 0, side.rawValue, UInt8(truncatingIfNeeded: index + 1)]
    }

    /// The link-local address that the inside end of a link makes of its hardware address (RFC 4291, appendix A).
    package func linkLocalAddress(ofInside link: String) -> IPAddress? {
        links.firstIndex { $0.name == link }.map { Self.linkLocalAddress(.inside, link: $0) }
    }

    package func linkLocalAddress(ofOutside link: String) -> IPAddress? {
        links.firstIndex { $0.name == link }.map { Self.linkLocalAddress(.outside, link: $0) }
    }

    /// The same for a network that is yet to be made, by the place of the link.
    package static func linkLocalAddress(ofInsideLink index: Int) -> IPAddress {
        linkLocalAddress(.inside, link: index)
    }

    private static func linkLocalAddress(_ side: Side, link index: Int) -> IPAddress {
        let last = UInt128(side.rawValue) << 8 | UInt128(index + 1)
        return IPAddress(family: .ipv6, value: 0xFE80 << 112 | 0x0000_00FF_FE00_0000 | last)
    }

    /// Makes addresses of the world live behind a link: the outside has them, the inside finds them there.
    package func adopt(_ addresses: [IPAddress], on link: String) async throws(ToolError) {
        try await arrange(living: addresses.map { ($0, link) })
    }

    /// Gives addresses their places, each with its link.
    ///
    /// - Parameters:
    ///   - living: the outside has these, the inside finds them there
    ///   - routed: the inside finds these there, but nobody answers
    ///   - reached: addresses of the inside, to which the outside sends by that link
    func arrange(
        living: [(IPAddress, String)],
        routed: [(IPAddress, String)] = [],
        reached: [(IPAddress, String)] = []
    ) async throws(ToolError) {
        let plain = living.filter(\.0.isRoutable)
        let known = Set(links.flatMap(\.outside).map(\.address))
        let ways = (plain + routed).compactMap { address, link -> String? in
            guard address.isRoutable, !known.contains(address),
                let gateway = gateway(.outside, link, address.family)
            else { return nil }
            return "route replace \(address) via \(gateway) dev \(link)"
        }
        let addresses = plain.map { "address replace \($0) dev \($1)\($0.nodad)" }
        let back = reached.compactMap { address, link -> String? in
            guard address.isRoutable, let gateway = gateway(.inside, link, address.family), gateway != address
            else { return nil }
            return "route replace \(address) via \(gateway) dev \(link)"
        }
        try await ip(addresses + back, in: outside)
        try await awaitLocalRoutes(plain.map(\.0), in: outside)
        try await ip(ways, in: inside)
    }

    /// Waits, a second at most, until packets to these addresses are taken for the namespace's own.
    ///
    /// The kernel makes the route of an IPv6 address some time after the address (addrconf_dad_work,
    /// net/ipv6/addrconf.c), on a busy machine too late for the first answer.
    func awaitLocalRoutes(_ addresses: [IPAddress], in namespace: NetworkNamespace) async throws(ToolError) {
        let wanted = addresses.filter { $0.family == .ipv6 }.map { "local \($0) dev " }
        guard !wanted.isEmpty else { return }
        let program = try Tool(named: "ip")
        for _ in 0..<40 {
            let routes = try await program.run(
                ["-6", "route", "show", "table", "local"],
                text: "",
                in: namespace
            )
            if wanted.allSatisfy(routes.contains) { return }
            do { try await Task.sleep(for: .milliseconds(25)) } catch { return }
        }
    }

    private func gateway(_ side: Side, _ name: String, _ family: IPFamily) -> IPAddress? {
        switch side {
        case .inside: link(name)?.insideAddress(family)
        case .outside: link(name)?.outsideAddress(family)
        }
    }

    var creation: [String] {
        links.enumerated().map { index, link in
            let near = Self.hardwareAddress(.inside, link: index).hexadecimal
            let far = Self.hardwareAddress(.outside, link: index).hexadecimal
            return "link add \(link.name) address \(near) type veth"
                + " peer name \(link.name) address \(far) netns \(outside.path)"
        }
    }

    func configuration(of side: Side) -> [String] {
        var commands = ["link set lo up"]
        for (index, link) in links.enumerated() {
            commands.append("link set \(link.name) up")
            let (mine, theirs) = side == .inside ? (link.inside, link.outside) : (link.outside, link.inside)
            for own in mine {
                commands.append(
                    "address add \(own.address)/\(own.length) dev \(link.name)\(own.address.nodad)"
                )
            }
            // Neighbours are known from the start, so that rules about neighbour discovery spoil no other probe.
            let peer = Self.hardwareAddress(side == .inside ? .outside : .inside, link: index).hexadecimal
            for other in theirs {
                commands.append(
                    "neighbour add \(other.address) lladdr \(peer) dev \(link.name) nud permanent"
                )
            }
        }
        for family in IPFamily.allCases {
            guard let link = links.first else { continue }
            let gateway = side == .inside ? link.outsideAddress(family) : link.insideAddress(family)
            if let gateway { commands.append("route add default via \(gateway) dev \(link.name)") }
        }
        return commands
    }
}

extension IPAddress {
    /// Whether a host route can lead to it: not loopback, link-local, multicast, broadcast, unspecified or one of IPv4
    /// in IPv6.
    package var isRoutable: Bool {
        switch family {
        case .ipv4: value >> 24 != 127 && value >> 24 != 0 && value >> 16 != 0xA9FE && value >> 28 < 0xE
        case .ipv6: value > 1 && value >> 118 != 0x3FA && value >> 120 != 0xFF && value >> 32 != 0xFFFF
        }
    }

    /// The option that makes an address of IPv6 usable at once (ip-address(8)).
    fileprivate var nodad: String {
        switch family {
        case .ipv4: ""
        case .ipv6: " nodad"
        }
    }
}

extension [UInt8] {
    /// `02:00:00:00:01:01`.
    fileprivate var hexadecimal: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }
}
