import Diagnostics
import PacketModel
import Policy

extension RandomPolicy {
    /// A line that translates what arrives; ports lead to one of the targets.
    mutating func translation(to targets: [IPAddress]) -> TranslationLine {
        let ports = IntervalSet([Interval(pick(Self.ports)), Interval(pick(Self.ports))])
        let isRedirect = chance(2)
        return TranslationLine(
            action: isRedirect
                ? .redirect(port: pick([8_080, 80, 22]))
                : .portForward(pick(targets), port: chance(2) ? nil : 8_443),
            services: ServiceSet(pick([.tcp, .udp]), ports),
            source: chance(3) ? addresses() : nil,
            destination: isRedirect && chance(4) ? addresses() : nil,
            inputInterfaces: chance(2)
                ? [InterfacePattern(pick(["eth0", "eth*", "docker0"]))].compactMap(\.self) : nil,
            origin: Origin(line: 50, range: .start, title: "nat")
        )
    }
}

extension Passage {
    /// What docs/policy.md says of a line of `nat:`, for a first packet that arrives; a port-forward leads out by an
    /// interface that depends on its target.
    func translated(by line: TranslationLine, leavingBy way: (IPAddress) -> String) -> Passage {
        let name = input ?? ""
        guard line.services.contains(transportProtocol, member),
            line.source?.contains(source) != false,
            line.destination?.contains(destination) != false,
            line.inputInterfaces?.contains(where: { $0.matches(name) }) != false
        else { return self }
        var result = self
        switch line.action {
        case .masquerade: return self
        case .redirect(let port):
            // Of what passes through it takes what comes by an interface that it names.
            guard direction == .inbound || line.inputInterfaces != nil else { return self }
            result.direction = .inbound
            result.output = nil
            (result.destination, result.member) = (TestPlaces.own(name, family), port)
        case .portForward(let target, let port):
            guard direction == .inbound, target.family == family else { return self }
            result.direction = .forward
            result.output = way(target)
            (result.destination, result.member) = (target, port ?? member)
        }
        (result.isTranslated, result.askedPort, result.askedDestination) = (true, member, destination)
        return result
    }
}

/// Where the addresses of random policies are: four of the host itself, one on each interface, and one behind each.
enum TestPlaces {
    static let links = ["eth0", "eth1", "br-a", "docker0"]

    private static func network(_ family: IPFamily) -> UInt128 {
        family == .ipv4 ? 0xC000_0200 : 0x2001_0DB8 << 96
    }

    /// The host's address on an interface.
    static func own(_ link: String, _ family: IPFamily) -> IPAddress {
        let number = UInt128(1 + (links.firstIndex(of: link) ?? 0))
        return IPAddress(family: family, value: network(family) + number)
    }

    /// The neighbour behind an interface.
    static func neighbour(_ link: String, _ family: IPFamily) -> IPAddress {
        IPAddress(family: family, value: own(link, family).value + UInt128(links.count))
    }

    /// The interface that leads to a neighbour.
    static func link(of address: IPAddress) -> String? {
        links.first { neighbour($0, address.family) == address }
    }

    static func isOwn(_ address: IPAddress) -> Bool {
        address.isLoopback || address == linkLocal || links.contains { own($0, address.family) == address }
    }

    /// The host's own on every interface, and that of every neighbour.
    static let linkLocal = IPAddress(family: .ipv6, value: 0xFE80 << 112 | 1)
    static let linkLocalNeighbour = IPAddress(family: .ipv6, value: 0xFE80 << 112 | 2)
}
