import Diagnostics
import Netfilter
import PacketModel
import Policy

/// The base chain of one direction, and the order in which a packet meets the stages.
extension NftablesLowering {
    mutating func addHook(_ direction: Direction) throws(Diagnostic) {
        let name = direction.hookName
        let lines = DirectionLines(policy, direction)
        let place = chains.endIndex
        addDrop(direction)
        let denies = try addDenies(lines, direction)
        let known = addKnownConnections(direction, denies: denies)
        let new = try addNewConnections(lines, direction)
        var rules = spoofedLoopback(direction) + denies.rules
        let echoes = echoRules(lines, to: "\(name)_new")
        rules += echoes + known + misplaced(direction)
        if echoes.isEmpty {
            rules += new
        } else {
            add("\(name)_new", new, comment: "what starts a connection, and each ping")
            rules.append(Rule([], [], .goto("\(name)_new")))
        }
        let hook = Chain.Hook(kind: .filter, point: direction.hookPoint, priority: 0, policy: .drop)
        // First the way, then the places it leads to.
        chains.insert(Chain(name, hook: hook, rules: rules), at: place)
    }

    /// Each echo request that a limited line names is asked for anew: after the first, all of one id are one established
    /// connection.
    private func echoRules(_ lines: DirectionLines, to chain: String) -> [Rule] {
        IPFamily.allCases.flatMap { family in
            lines.countedEchoes(family).intervals.map { types in
                let conditions: [Condition] = [
                    .family(family), .field(.icmpTypeAndCode, in: IntervalSet(types.asFieldValues)),
                    .state(.established),
                ]
                return Rule(conditions, [], .goto(chain), comment: "pings are counted one by one")
            }
        }
    }

    /// Replies pass at once; what is neither that nor new is placed, or left to the lines.
    private mutating func addKnownConnections(_ direction: Direction, denies: Denies) -> [Rule] {
        let name = direction.hookName
        var choices: [Choice] = []
        func judge(_ state: ConnectionState, _ rules: [Rule]) {
            if add("\(name)_\(state)", rules) {
                choices.append(Choice(state.rawValue, .jump("\(name)_\(state)")))
            }
        }
        let others = "\(name)_not_new"
        judge(.related, relatedRules(direction))
        if policy.baseline.has(.invalid) {
            judge(.invalid, [Rule([], [.counter], dropVerdict(direction), comment: "baseline invalid")])
        } else {
            judge(.invalid, denies.serviceRules + misplaced(direction, known: false))
        }
        judge(.untracked, denies.serviceRules + misplaced(direction, known: false))
        let states = choices.isEmpty ? [] : [Rule([], [], .choice(.connectionState, choices))]
        var rules = [Rule([.state(.established)], [], .accept, comment: "baseline established")]
        if add(others, earlyRules(direction) + impossibleFlags(direction) + states) {
            rules.append(Rule([.not(.state(.new))], [], .jump(others)))
        }
        return rules
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
        let rest = Rule([], [], .goto("\(name)_rest"))

        func stages(_ asked: AskedDestination) -> [Rule] {
            // An unlimited line admits what the loopback part would; only lines that log must not see it.
            let isSilent = logged.isEmpty
            return (isSilent ? [] : loopback(direction))
                + rules(logged, chain: "\(name)_logged", asked: asked)
                + rules(unlimited, chain: name, asked: asked)
                + (isSilent ? loopback(direction) : [])
                + (asked == .inPacket ? [] : rules(published, chain: "\(name)_published", asked: asked))
                + addContainerRules(direction, asked: asked) + dhcpRules(direction)
                + rules(limited, chain: "\(name)_limited", asked: asked) + [rest]
        }
        let translated = stages(.portBeforeTranslation)
        let untranslated = stages(.inPacket)
        var result: [Rule] = []
        if translated != untranslated {
            let chain = "\(name)_translated"
            add(chain, translated, comment: "the port that was asked for, before NAT changed it")
            result.append(Rule([.status(.destinationNAT)], [], .goto(chain)))
        }
        return result + untranslated
    }
}
