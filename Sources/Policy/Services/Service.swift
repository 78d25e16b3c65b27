import PacketModel

/// A service that a policy can call by name.
package struct Service: Hashable, Sendable {
    /// `[a-z0-9-]+`.
    package let name: String
    /// Other names that mean the same.
    package let aliases: [String]
    /// What starts a conversation with it.
    package let members: ServiceSet
    /// What it is: one line, without a full stop.
    package let summary: String

    private init(name: String, aliases: [String], members: ServiceSet, summary: String) {
        self.name = name
        self.aliases = aliases
        self.members = members
        self.summary = summary
    }

    /// An entry of the catalogue.
    ///
    /// Like the other words that entries are written in, it is not inlined: the optimizer would take minutes over
    /// hundreds of copies that run once.
    @inline(never)
    static func service(
        _ name: String,
        aliases: [String] = [],
        _ members: [ServiceSet],
        _ summary: String
    ) -> Service {
        Service(
            name: name,
            aliases: aliases,
            members: members.reduce(ServiceSet()) { $0.union($1) },
            summary: summary
        )
    }
}

extension ServiceSet {
    @inline(never)
    static func tcp(_ ports: UInt16...) -> ServiceSet { ServiceSet(.tcp, IntervalSet(ports)) }

    @inline(never)
    static func udp(_ ports: UInt16...) -> ServiceSet { ServiceSet(.udp, IntervalSet(ports)) }

    @inline(never)
    static func tcp(range: ClosedRange<UInt16>) -> ServiceSet { ServiceSet(.tcp, IntervalSet(range)) }

    @inline(never)
    static func udp(range: ClosedRange<UInt16>) -> ServiceSet { ServiceSet(.udp, IntervalSet(range)) }

    /// A whole protocol, by its number.
    @inline(never)
    static func transport(_ number: UInt8) -> ServiceSet { ServiceSet(IPProtocol(number: number)) }

    /// Every code of one type of ICMP or ICMPv6.
    @inline(never)
    static func type(_ type: UInt8, of transportProtocol: IPProtocol) -> ServiceSet {
        ServiceSet(transportProtocol, ICMPType.members(type: type))
    }
}

extension IntervalSet<UInt16> {
    init(_ singles: [UInt16]) {
        self.init(singles.map(Interval.init))
    }

    init(_ range: ClosedRange<UInt16>) {
        self.init([Interval(range.lowerBound, range.upperBound)].compactMap { $0 })
    }
}
