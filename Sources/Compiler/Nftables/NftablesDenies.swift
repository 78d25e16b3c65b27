import Diagnostics
import Netfilter
import PacketModel
import Policy

/// What comes before everything that is established.
struct Denies {
    /// For the base chain.
    var rules: [Rule]
    /// For packets that no connection is known of: the denied services alone, whatever the direction.
    var serviceRules: [Rule]
}

/// The look-ups of a direction's denies, those of each stage by themselves: across shapes the first that knows a packet
/// decides, and a later stage must not come before.
struct DenyLookups {
    var bans: [(stage: RefusalStage, lookups: [Lookup])] = []
    var services: [(stage: RefusalStage, lookups: [Lookup])] = []
}

extension NftablesLowering {
    mutating func addDenies(_ lines: DirectionLines, _ direction: Direction) throws(Diagnostic) -> Denies {
        let name = direction.hookName
        let lookups = DenyLookups(
            bans: try register(lines.bans, "\(name)_ban", direction, sparing: true),
            services: try register(lines.denies, "\(name)_deny", direction, sparing: false)
        )
        if direction == .inbound { inboundDenies = lookups }

        var result = Denies(rules: [], serviceRules: [])
        if direction == .forward { result.rules += addPublishedDenies() }
        result.rules += rules(lookups.bans, chain: "\(name)_ban", asked: .inPacket)
        let services = addServiceDenies(
            lookups.services,
            chain: "\(name)_denies",
            translated: .portBeforeTranslation,
            direction
        )
        result.serviceRules = services
        result.rules += services.map { $0.prefixed(by: [Self.original]) }
        return result
    }

    /// A connection is held against a denied service by the direction and the port that started it.
    private static let original = Condition.field(.connectionDirection, is: UInt8(0))

    private mutating func register(
        _ stages: [RefusalStage],
        _ name: String,
        _ direction: Direction,
        sparing: Bool
    ) throws(Diagnostic) -> [(stage: RefusalStage, lookups: [Lookup])] {
        let refused = sparing ? "\(direction.hookName)_banned" : "\(direction.hookName)_denied"
        var result: [(stage: RefusalStage, lookups: [Lookup])] = []
        for stage in stages {
            let name = stage.name(name)
            result.append(
                (stage, try register(stage.lines, name: name, inline: .jump(refused), direction))
            )
        }
        if result.contains(where: { $0.lookups.contains { $0.verdict == .jump(refused) } }) {
            add(refused, exemptions(direction, sparing: sparing) + [Rule([], [.counter], .drop)])
        }
        return result
    }

    private mutating func rules(
        _ stages: [(stage: RefusalStage, lookups: [Lookup])],
        chain: String,
        asked: AskedDestination
    ) -> [Rule] {
        stages.reduce(into: []) { result, stage in
            result += rules(stage.lookups, chain: stage.stage.name(chain), asked: asked)
        }
    }

    private mutating func addServiceDenies(
        _ stages: [(stage: RefusalStage, lookups: [Lookup])],
        chain: String,
        translated: AskedDestination,
        _ direction: Direction
    ) -> [Rule] {
        guard !stages.isEmpty else { return [] }
        let asked = rules(stages, chain: chain, asked: .inPacket)
        let isTranslated = add(translated.name(chain), rules(stages, chain: chain, asked: translated))
        // Lines may speak of no packet that there is: of ICMPv6 from addresses of IPv4, say.
        guard isTranslated || !asked.isEmpty else { return [] }
        let split = Rule(
            [.status(.destinationNAT)],
            [],
            isTranslated ? .goto(translated.name(chain)) : .return
        )
        let starting = nothingStarted(by: stages.flatMap(\.stage.lines), direction)
        add(chain, starting + [split] + asked)
        return [Rule([], [], .jump(chain))]
    }

    /// An ICMP error and a reset of ours belong to the connection that they are about: they start no service.
    private func nothingStarted(by denies: [PolicyLine], _ direction: Direction) -> [Rule] {
        var rules = IPFamily.allCases.map(\.icmp).filter { icmp in
            denies.contains { $0.services.members[icmp] != nil }
        }.map { Rule([.state(.related), .transportProtocol($0)], [], .return) }
        if direction == .outbound, denies.contains(where: { $0.services.members[.tcp] != nil }) {
            rules.append(Rule([.state(.related), .flags(.rst, of: .rst)], [], .return))
        }
        return rules
    }

    /// What may not reach the host may not reach what its containers publish: what NAT sent on to a bridge.
    private mutating func addPublishedDenies() -> [Rule] {
        guard let containers = policy.containers else { return [] }
        let chain = "forward_published_denies"
        var inner = rules(inboundDenies.bans, chain: "\(chain)_ban", asked: .beforeTranslation)
        inner += addServiceDenies(
            inboundDenies.services,
            chain: "\(chain)_services",
            translated: .beforeTranslation,
            .forward
        )
        guard add(chain, inner) else { return [] }
        let toGuests: [Condition] = [
            .interface(.outputInterface, matches: containers.bridges), Self.original,
            .status(.destinationNAT),
        ]
        return [Rule(toGuests, [], .jump(chain))]
    }
}
