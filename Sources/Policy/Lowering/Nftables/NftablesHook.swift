import Diagnostics
import Netfilter
import PacketModel

/// The base chain of one direction, and the order in which a packet meets the stages.
extension NftablesLowering {
    mutating func addHook(_ direction: Direction) throws(Diagnostic) {
        let name = direction.hookName
        let lines = DirectionLines(policy, direction)
        let place = chains.endIndex
        addDrop(direction)
        let denies = try addDenies(lines, direction)
        let known = addKnownConnections(direction, denies: denies)
        var new = baselineForNew(direction)
        new += try addNewConnections(lines, direction)

        var rules = spoofedLoopback(direction, .ipv4) + denies.rules
        if lines.limitsEchoes {
            rules += echoRules(to: "\(name)_new")
            add("\(name)_new", new, comment: "what starts a connection, and each ping")
            rules += known + [Rule([], [], .goto("\(name)_new"))]
        } else {
            rules += known + new
        }
        let hook = Chain.Hook(kind: .filter, point: direction.hookPoint, priority: 0, policy: .drop)
        // First the way, then the places it leads to.
        chains.insert(Chain(name, hook: hook, rules: rules), at: place)
    }

    /// Each echo request is asked for anew: after the first, all of one id are one established connection.
    private func echoRules(to chain: String) -> [Rule] {
        ICMPKinds.echoRequests.map { transportProtocol, types in
            let conditions: [Condition] = [
                .family(transportProtocol == .icmp ? .ipv4 : .ipv6),
                .field(.icmpTypeAndCode, in: IntervalSet([types.asFieldValues])),
                .state(.new, .established),
            ]
            return Rule(conditions, [], .goto(chain), comment: "pings are counted one by one")
        }
    }

    /// Replies and what is related pass; what cannot be placed is dropped.
    private mutating func addKnownConnections(_ direction: Direction, denies: Denies) -> [Rule] {
        let name = direction.hookName
        var choices = [Choice(ConnectionState.established.rawValue, .accept)]
        func judge(_ state: ConnectionState, _ rules: [Rule]) {
            if add("\(name)_\(state)", rules) {
                choices.append(Choice(state.rawValue, .jump("\(name)_\(state)")))
            }
        }
        judge(.related, relatedRules(direction))
        if policy.baseline.has(.invalid) {
            judge(.invalid, [Rule([], [.counter], dropVerdict(direction), comment: "baseline invalid")])
        } else {
            judge(.invalid, denies.serviceRules)
        }
        judge(.untracked, untrackedRules(direction) + denies.serviceRules)
        return [Rule([], [], .choice(.connectionState, choices))]
    }

    /// The stages of what starts a connection, for what was asked of this host and for what NAT sent elsewhere.
    private mutating func addNewConnections(
        _ lines: DirectionLines,
        _ direction: Direction
    ) throws(Diagnostic) -> [Rule] {
        let name = direction.hookName
        let logged = try register(lines.logged, name: "\(name)_logged", inline: .accept, direction)
        let unlimited = try register(lines.unlimited, name: name, inline: .accept, direction)
        let published = try register(lines.published, name: "\(name)_published", inline: .accept, direction)
        let limited = try registerLimited(lines.limited, name: "\(name)_limited")
        let guests = addContainerRules(direction)
        let rest = Rule([], [], .goto("\(name)_rest"))

        var translated: [Rule] = []
        for (lookups, stage) in [
            (logged, "_logged"), (unlimited, ""), (published, "_published"), (limited, "_limited"),
        ] {
            translated += rules(lookups, chain: "\(name)_translated\(stage)", asked: .portBeforeTranslation)
        }
        var result: [Rule] = []
        if !translated.isEmpty {
            let chain = "\(name)_translated"
            add(
                chain,
                guests + translated + [rest],
                comment: "the port that was asked for, before NAT changed it"
            )
            result.append(Rule([.status(.destinationNAT)], [], .goto(chain)))
        }
        result += rules(logged, chain: "\(name)_logged", asked: .inPacket)
        result += rules(unlimited, chain: name, asked: .inPacket)
        result += guests + dhcpRules(direction)
        result += rules(limited, chain: "\(name)_limited", asked: .inPacket)
        return result + [rest]
    }
}
