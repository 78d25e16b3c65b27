import Netfilter
import PacketModel

/// From look-ups to rules: by interface, then by protocol, so that a packet asks only what concerns it.
extension NftablesLowering {
    /// The rules that ask these look-ups; chains that they need are made, their names beginning with `chain`.
    ///
    /// What asks for no port is the same before and after translation, and made once.
    mutating func rules(_ lookups: [Lookup], chain: String, asked: AskedDestination) -> [Rule] {
        var groups: [InterfaceGroup] = []
        for lookup in lookups where !groups.contains(lookup.shape.interfaces) {
            groups.append(lookup.shape.interfaces)
        }
        var result: [Rule] = []
        var number = 0
        for group in groups {
            let members = lookups.filter { $0.shape.interfaces == group }
            if group.isEvery {
                result += rulesByProtocol(members, chain: chain, asked: asked)
                continue
            }
            number += 1
            let conditions = group.conditions
            let group = "\(chain)_if\(number)"
            let inner = rulesByProtocol(members, chain: group, asked: asked)
            if inner.count == 1 {
                result.append(inner[0].prefixed(by: conditions))
            } else {
                let name = asked.name(group)
                add(name, inner)
                result.append(Rule(conditions, [], .jump(name)))
            }
        }
        return result
    }

    private mutating func rulesByProtocol(
        _ lookups: [Lookup],
        chain: String,
        asked: AskedDestination
    ) -> [Rule] {
        var result: [Rule] = []
        var byProtocol: [(IPProtocol, [Rule])] = []
        for lookup in lookups {
            let rule = rule(lookup, asked: asked)
            guard let transportProtocol = lookup.shape.transportProtocol else {
                result.append(rule)
                continue
            }
            if let last = byProtocol.indices.last, byProtocol[last].0 == transportProtocol {
                byProtocol[last].1.append(rule)
            } else {
                byProtocol.append((transportProtocol, [rule]))
            }
        }
        if byProtocol.count <= 2 && byProtocol.allSatisfy({ $0.1.count == 1 }) {
            return result
                + byProtocol.flatMap { transportProtocol, rules in
                    rules.map { $0.requiring(transportProtocol) }
                }
        }
        var choices: [Choice] = []
        for (transportProtocol, rules) in byProtocol {
            let plain = "\(chain)_\(transportProtocol.name)"
            let name = transportProtocol.hasPorts ? asked.name(plain) : plain
            add(name, rules)
            choices.append(Choice(transportProtocol.number, .jump(name)))
        }
        if choices.count == 1, let only = byProtocol.first?.0 {
            result.append(Rule([.transportProtocol(only)], [], choices[0].verdict))
        } else if !choices.isEmpty {
            result.append(Rule([], [], .choice(.transportProtocol, choices)))
        }
        return result
    }

    private func rule(_ lookup: Lookup, asked: AskedDestination) -> Rule {
        var conditions: [Condition] = []
        if let family = lookup.shape.family ?? lookup.shape.transportProtocol?.family {
            conditions.append(.family(family))
        }
        if asked != .inPacket && lookup.shape.hasMembers,
            let transportProtocol = lookup.shape.transportProtocol,
            !transportProtocol.hasTypes
        {
            // nft knows the type of the original port only beside a protocol.
            conditions.append(.transportProtocol(transportProtocol))
        }
        let own = lookup.conditions.map { condition in
            if case .member(let fields, let set) = condition {
                return Condition.member(fields.map(asked.field), of: set)
            }
            return condition
        }
        var verdict = lookup.verdict
        if case .lookup(let fields, let map) = verdict {
            verdict = .lookup(fields.map(asked.field), map: map)
        }
        return Rule(conditions + own, lookup.statements, verdict, comment: lookup.comment)
    }
}

/// Which destination a look-up reads, where NAT may have changed the packet's.
enum AskedDestination {
    /// The one in the packet, which nothing changed.
    case inPacket
    /// The port that the first packet of the connection asked for; addresses are those of the packet.
    case portBeforeTranslation
    /// The port and the address that the first packet asked for.
    case beforeTranslation

    /// The name of a chain that reads this destination.
    func name(_ chain: String) -> String {
        self == .inPacket ? chain : "\(chain)_translated"
    }

    /// The field to read instead of one of the packet.
    func field(_ field: Field) -> Field {
        switch (self, field) {
        case (.portBeforeTranslation, .destinationPort), (.beforeTranslation, .destinationPort):
            .originalDestinationPort
        case (.beforeTranslation, .destination): .originalDestination
        default: field
        }
    }
}

extension Rule {
    func prefixed(by conditions: [Condition]) -> Rule {
        var rule = self
        rule.conditions = conditions + rule.conditions
        return rule
    }

    /// The same rule for one protocol only.
    func requiring(_ transportProtocol: IPProtocol) -> Rule {
        let condition = Condition.transportProtocol(transportProtocol)
        return conditions.contains(condition) ? self : prefixed(by: [condition])
    }
}
