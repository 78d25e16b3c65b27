import Diagnostics
import PacketModel
import Policy
import TestSupport

/// Policies and packets from a seed, over few values, so that lines meet often.
struct RandomPolicy {
    private var generator: SplitMix64

    init(seed: UInt64) {
        generator = SplitMix64(state: seed)
    }

    mutating func policy(lines count: Int) -> Policy {
        var lines: [PolicyLine] = []
        for number in 1...count { lines.append(line(number)) }
        let source = SourceFile(name: "random.yaml", text: "")
        var policy = Policy(source: source, lines: lines, log: LogSettings(dropped: Rate(5, per: .minute)))
        policy.endsStrays = chance(2)
        if chance(4) { policy.baseline.parts.insert(pick([.reversePath, .ownAddresses])) }
        while chance(3) { policy.baseline.parts.remove(pick(Baseline.Part.allCases)) }
        if chance(3) { policy.baseline.parts.insert(.helpers) }
        for direction in Direction.allCases where chance(3) { policy.rest[direction] = .reject }
        if chance(3) {
            policy.management = .obligation(Management.Obligation(from: addresses()))
        }
        if chance(2) {
            let origin = Origin(line: count + 1, range: .start, title: "containers")
            policy.containers = Containers(
                bridges: Self.patterns(["br-*", "docker0"]),
                allowsOutbound: chance(2),
                published: [
                    Containers.Published(
                        services: services(),
                        source: maybe { $0.addresses() },
                        origin: origin
                    )
                ]
                .filter { !$0.services.isAny && $0.services.members.keys.allSatisfy(\.hasPorts) },
                parts: Set(Containers.Part.allCases.filter { _ in chance(2) }),
                origin: origin
            )
        }
        return policy
    }

    mutating func approach() -> Approach {
        let direction = pick(Direction.allCases)
        let family = pick(IPFamily.allCases)
        let transportProtocol = pick(Self.protocols.filter { $0.family == nil || $0.family == family })
        let member: UInt16 =
            transportProtocol.hasPorts ? pick(Self.ports) : transportProtocol.hasTypes ? pick(Self.types) : 0
        // Nothing is forwarded from or to the loopback interface.
        let interfaces = ["eth0", "eth1", "br-a", "docker0"] + (direction == .forward ? [] : ["lo"])
        return Approach(
            direction: direction,
            transportProtocol: transportProtocol,
            member: member,
            source: pick(Self.hosts(family)),
            destination: pick(Self.hosts(family)),
            inputInterface: direction == .outbound ? nil : pick(interfaces),
            outputInterface: direction == .inbound ? nil : pick(interfaces),
            user: direction == .outbound && chance(2) ? pick([0, 1000, 1001]) : nil,
            isTranslated: chance(3),
            time: pick([CalendarTime(seconds: 0)] + Self.times)
        )
    }

    private mutating func line(_ number: Int) -> PolicyLine {
        let direction = pick(Direction.allCases)
        let action: PolicyLine.Action = chance(3) ? .deny : .allow
        return PolicyLine(
            direction: direction,
            action: action,
            services: services(),
            source: maybe { $0.addresses() },
            destination: maybe { $0.addresses() },
            inputInterfaces: direction == .outbound ? nil : maybe { Self.patterns($0.pick(Self.names)) },
            outputInterfaces: direction == .inbound ? nil : maybe { Self.patterns($0.pick(Self.names)) },
            users: direction == .outbound ? maybe { [$0.pick([1000, 1001])] } : nil,
            limit: action == .allow
                ? maybe { random in
                    Rate(5, per: .second).map {
                        Limit(rate: $0, key: random.pick(Self.keys))
                    }
                } ?? nil : nil,
            log: maybe { _ in Rate(1, per: .second) } ?? nil,
            rejects: action == .deny && chance(3),
            until: maybe { $0.pick(Self.times) },
            followsNames: chance(5),
            origin: Origin(line: number, range: .start, title: "line \(number % 3)")
        )
    }

    mutating func services() -> ServiceSet {
        if chance(5) { return .any }
        var result = ServiceSet()
        for _ in 0..<pick([1, 2]) {
            let transportProtocol = pick(Self.protocols)
            let values = transportProtocol.hasPorts ? Self.ports : Self.types
            let (one, other) = (pick(values), pick(values))
            let range = Interval(min(one, other), max(one, other)).map { IntervalSet($0) } ?? [one]
            let members: IntervalSet<UInt16> =
                !transportProtocol.hasPorts && !transportProtocol.hasTypes || chance(6)
                ? .full : chance(3) ? range : [one]
            result = result.union(ServiceSet(transportProtocol, members))
        }
        return result
    }

    mutating func addresses() -> AddressSet {
        var result = AddressSet()
        for _ in 0..<pick([1, 1, 2]) {
            let host = pick(Self.hosts(pick(IPFamily.allCases)))
            let length = host.family.addressWidth - pick([0, 0, 1, 2, host.family.addressWidth])
            if let prefix = Prefix(of: host, length: length) { result = result.union(AddressSet(prefix)) }
        }
        return result
    }

    mutating func maybe<Value>(_ make: (inout RandomPolicy) -> Value) -> Value? {
        chance(3) ? make(&self) : nil
    }

    mutating func chance(_ inverse: Int) -> Bool {
        Int.random(in: 0..<inverse, using: &generator) == 0
    }

    mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &generator)]
    }

    static let protocols: [IPProtocol] = [.tcp, .udp, .icmp, .icmpv6, .esp, .igmp]
    static let ports: [UInt16] = [22, 53, 67, 80, 443]
    static let types: [UInt16] = [0x0300, 0x0304, 0x0800, 0x0801, 0x8000, 0x8700, 0x8200]
    /// The last is to come.
    static let times = [1_000, 2_000, 2_000_000_000].map(CalendarTime.init)
    private static let keys: [TokenBucket.Key] = [
        .shared, .source(ipv6PrefixLength: 64), .source(ipv6PrefixLength: 128),
        .destination(ipv6PrefixLength: 64),
    ]
    /// Some of one list have names in common.
    private static let names = [
        ["eth0"], ["eth*"], ["br-a"], ["eth0", "eth*"], ["br-a", "eth*"], ["br-*", "eth0", "eth1"],
    ]

    private static func patterns(_ names: [String]) -> [InterfacePattern] {
        names.compactMap(InterfacePattern.init)
    }

    /// A loopback address of IPv4, and one of IPv6 that stands for IPv4.
    static func onNoWire(_ family: IPFamily) -> IPAddress {
        IPAddress(family: family, value: family == .ipv4 ? 0x7F00_0001 : 0xFFFF << 32 | 0xC000_0201)
    }

    static func hosts(_ family: IPFamily) -> [IPAddress] {
        let network: UInt128 = family == .ipv4 ? 0xC000_0200 : 0x2001_0DB8 << 96
        return (1...8).map { IPAddress(family: family, value: network + $0) } + [onNoWire(family)]
            + (family == .ipv6 ? [TestPlaces.linkLocal, TestPlaces.linkLocalNeighbour] : [])
    }
}
