import Diagnostics
import Netfilter
import PacketModel

/// What comes before everything that is established.
struct Denies {
    /// For the base chain.
    var rules: [Rule]
    /// For packets that no connection is known of: the denied services alone, whatever the direction.
    var serviceRules: [Rule]
}

/// The look-ups of a direction's denies.
struct DenyLookups {
    var bans: [Lookup] = []
    var services: [Lookup] = []
}

extension NftablesLowering {
    mutating func addDenies(_ lines: DirectionLines, _ direction: Direction) throws(Diagnostic) -> Denies {
        let name = direction.hookName
        let inline = Verdict.jump("\(name)_denied")
        let lookups = DenyLookups(
            bans: try register(lines.bans, name: "\(name)_ban", inline: inline, direction),
            services: try register(lines.denies, name: "\(name)_deny", inline: inline, direction)
        )
        if (lookups.bans + lookups.services).contains(where: { $0.verdict == inline }) {
            add("\(name)_denied", exemptions(direction) + [Rule([], [.counter], .drop)])
        }
        if direction == .inbound { inboundDenies = lookups }

        var result = Denies(rules: [], serviceRules: [])
        if direction == .forward { result.rules += addPublishedDenies() }
        result.rules += rules(lookups.bans, chain: "\(name)_ban", asked: .inPacket)
        let services = addServiceDenies(
            lookups.services,
            chain: "\(name)_denies",
            translated: .portBeforeTranslation
        )
        result.serviceRules = services
        result.rules += services.map { $0.prefixed(by: [Self.original]) }
        return result
    }

    /// A connection is held against a denied service by the direction and the port that started it.
    private static let original = Condition.field(.connectionDirection, is: UInt8(0))

    private mutating func addServiceDenies(
        _ lookups: [Lookup],
        chain: String,
        translated: AskedDestination
    ) -> [Rule] {
        guard !lookups.isEmpty else { return [] }
        add(translated.name(chain), rules(lookups, chain: chain, asked: translated))
        let split = Rule([.status(.destinationNAT)], [], .goto(translated.name(chain)))
        add(chain, [split] + rules(lookups, chain: chain, asked: .inPacket))
        return [Rule([], [], .jump(chain))]
    }

    /// What may not reach the host may not reach what its containers publish.
    private mutating func addPublishedDenies() -> [Rule] {
        guard let containers = policy.containers else { return [] }
        let chain = "forward_published_denies"
        var inner = rules(inboundDenies.bans, chain: "\(chain)_ban", asked: .beforeTranslation)
        inner += addServiceDenies(
            inboundDenies.services,
            chain: "\(chain)_services",
            translated: .beforeTranslation
        ).map { $0.prefixed(by: [Self.original]) }
        guard add(chain, inner) else { return [] }
        let toGuests: [Condition] = [
            .interface(.outputInterface, matches: containers.bridges),
            .not(.interface(.inputInterface, matches: containers.bridges)),
        ]
        return [Rule(toGuests, [], .jump(chain))]
    }
}
