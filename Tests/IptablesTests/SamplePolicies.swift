import Diagnostics
import Netfilter
import PacketModel
import Policy

/// Policies for tests, written as values.
enum Sample {
    static let source = SourceFile(name: "policy.yaml", text: "")

    static func line(
        _ number: Int,
        _ direction: Direction = .inbound,
        _ action: PolicyLine.Action = .allow,
        _ services: ServiceSet,
        title: String? = nil,
        from: AddressSet? = nil,
        to: AddressSet? = nil,
        in input: [String]? = nil,
        out output: [String]? = nil,
        users: IntervalSet<UInt32>? = nil,
        limit: Limit? = nil,
        log: Rate? = nil,
        rejects: Bool = false
    ) -> PolicyLine {
        PolicyLine(
            direction: direction,
            action: action,
            services: services,
            source: from,
            destination: to,
            inputInterfaces: input?.compactMap(InterfacePattern.init).sorted(),
            outputInterfaces: output?.compactMap(InterfacePattern.init).sorted(),
            users: users,
            limit: limit,
            log: log,
            rejects: rejects,
            origin: origin(number, title ?? "\(action.rawValue) something")
        )
    }

    static func origin(_ line: Int, _ title: String) -> Origin {
        Origin(line: line, range: SourceRange(0, 0), title: title)
    }

    static func addresses(_ texts: String...) -> AddressSet {
        AddressSet(texts.compactMap(prefix))
    }

    static func prefix(_ text: String) -> Prefix? {
        let parts = text.split(separator: "/")
        guard let address = IPAddress(parts[0]) else { return nil }
        let length = parts.count == 2 ? Int(parts[1]) : address.family.addressWidth
        return length.flatMap { Prefix(of: address, length: $0) }
    }

    static func tcp(_ ports: UInt16...) -> ServiceSet {
        ServiceSet(.tcp, IntervalSet(ports.map { Interval($0) }))
    }
    static func udp(_ ports: UInt16...) -> ServiceSet {
        ServiceSet(.udp, IntervalSet(ports.map { Interval($0) }))
    }

    static let ping = ServiceSet(.icmp, types(8)).union(ServiceSet(.icmpv6, types(128)))

    private static func types(_ number: UInt16) -> IntervalSet<UInt16> {
        IntervalSet([Interval(number << 8, number << 8 | 0xFF)].compactMap(\.self))
    }

    static let perSource = limit(50, .minute, .source(ipv6PrefixLength: 64))

    static func limit(_ count: UInt32, _ unit: Rate.Unit, _ key: TokenBucket.Key = .shared) -> Limit? {
        Rate(count, per: unit).map { Limit(rate: $0, key: key) }
    }

    /// The guide's intention.
    static var guide: Policy {
        Policy(
            source: source,
            lines: [
                line(5, .inbound, .allow, tcp(22), title: "allow ssh"),
                line(6, .inbound, .allow, tcp(80, 443), title: "allow http, https", limit: perSource),
                line(
                    8,
                    .inbound,
                    .allow,
                    tcp(3306),
                    title: "allow mysql",
                    from: addresses("192.0.2.5")
                ),
                line(10, .inbound, .allow, ping, title: "allow ping"),
                line(
                    13,
                    .outbound,
                    .allow,
                    tcp(53, 80, 443).union(udp(53, 123)).union(ping),
                    title: "allow dns, ntp, http, https, ping"
                ),
            ],
            log: LogSettings(dropped: Rate(5, per: .minute))
        )
    }
}

extension Sample {
    /// Bans, denies, limits that overlap, users, translation, containers, management.
    static var everything: Policy {
        let five = Rate(5, per: .minute)
        let lines = [
            line(
                1,
                .inbound,
                .deny,
                .any,
                title: "deny any from \"list\"",
                from: addresses("198.51.100.0/24", "2001:db8:bad::/48")
            ),
            line(2, .inbound, .deny, .any, from: many(from: 0, 40), to: addresses("192.0.2.1")),
            line(3, .inbound, .deny, tcp(23), log: five, rejects: true),
            line(4, .outbound, .deny, .any, to: addresses("198.51.100.7", "2001:db8:bad::1")),
            line(
                5,
                .inbound,
                .allow,
                tcp(22, 80, 443).union(udp(443)),
                limit: limit(50, .minute, .source(ipv6PrefixLength: 56))
            ),
            line(6, .inbound, .allow, tcp(80), from: many(from: 100, 60), limit: limit(500, .hour)),
            line(
                7,
                .inbound,
                .allow,
                ping,
                limit: limit(5, .second, .destination(ipv6PrefixLength: 64)),
                log: five
            ),
            line(
                8,
                .inbound,
                .allow,
                .any,
                from: addresses("10.0.0.0/8", "fd00::/8"),
                in: ["wg*", "eth1"],
                log: five
            ),
            line(9, .outbound, .allow, tcp(25), users: [25, 1000]),
            line(10, .forward, .allow, .any, in: ["lan0"], out: ["wan0"]),
            line(
                11,
                .inbound,
                .allow,
                ServiceSet(.esp).union(ServiceSet(.udplite, [7, 9])).union(ServiceSet(.dccp, [5]))
            ),
        ]
        let containers = Containers(
            allowsOutbound: true,
            published: [
                Containers.Published(
                    services: tcp(8080),
                    source: addresses("192.0.2.0/24"),
                    origin: origin(20, "tcp/8080")
                )
            ],
            origin: origin(19, "containers")
        )
        return Policy(
            source: source,
            lines: lines,
            baseline: Baseline(parts: Set(Baseline.Part.allCases)),
            log: LogSettings(dropped: five, destination: .group(7)),
            management: .obligation(
                Management.Obligation(from: addresses("203.0.113.0/24", "2001:db8:a::/64"))
            ),
            nat: [
                TranslationLine(
                    action: .masquerade,
                    services: .any,
                    outputInterfaces: patterns("wan0"),
                    origin: origin(30, "masquerade")
                ),
                TranslationLine(
                    action: .redirect(port: 8080),
                    services: tcp(80),
                    inputInterfaces: patterns("wan0"),
                    origin: origin(31, "redirect http")
                ),
                TranslationLine(
                    action: .portForward(address("192.168.1.10"), port: 443),
                    services: tcp(8443),
                    origin: origin(32, "port-forward")
                ),
                TranslationLine(
                    action: .portForward(address("fd00::10"), port: nil),
                    services: udp(53, 54),
                    origin: origin(33, "port-forward")
                ),
            ],
            containers: containers,
            rest: [.inbound: .reject]
        )
    }

    /// So many lines of one kind.
    static func many(_ count: Int) -> Policy {
        let lines = (0..<count).map { index in
            line(
                index + 1,
                .inbound,
                .allow,
                tcp(UInt16(1000 + index)),
                from: AddressSet(
                    ipv4: [UInt128(10 << 24 | index * 7)],
                    ipv6: [UInt128(0xFD) << 120 | UInt128(index)]
                )
            )
        }
        return Policy(source: source, lines: lines)
    }

    /// So many lines that each need a chain of their own, and as many with ports that ipset does not know.
    static func crowd(_ count: Int) -> Policy {
        let lines = (0..<count).flatMap { index in
            let source = AddressSet(
                ipv4: [UInt128(10 << 24 | index * 7)],
                ipv6: [UInt128(0xFD) << 120 | UInt128(index)]
            )
            let port = UInt16(1000 + index)
            return [
                line(2 * index + 1, .forward, .deny, tcp(port), from: source, rejects: true),
                line(2 * index + 2, .inbound, .allow, ServiceSet(.dccp, [port]), from: source),
            ]
        }
        return Policy(source: source, lines: lines)
    }

    private static func many(from first: Int, _ count: Int) -> AddressSet {
        AddressSet(
            ipv4: IntervalSet((0..<count).map { Interval(UInt128(172 << 24 | 16 << 16 | (first + $0) * 3)) })
        )
    }

    private static func patterns(_ names: String...) -> [InterfacePattern] {
        names.compactMap(InterfacePattern.init)
    }

    private static func address(_ text: String) -> IPAddress {
        IPAddress(text) ?? IPAddress(family: .ipv4, value: 0)
    }
}
