import Netfilter
import PacketModel
import Policy

/// From look-ups to rules, those of one gate behind one question.
///
/// A rule of another protocol fails at its first comparison, which costs less than any way around it.
extension NftablesLowering {
    /// The rules that ask these look-ups; chains that they need are made, their names beginning with `chain`.
    mutating func rules(_ lookups: [Lookup], chain: String, asked: AskedDestination) -> [Rule] {
        var gates: [Gate] = []
        for lookup in lookups where !gates.contains(lookup.shape.gate) { gates.append(lookup.shape.gate) }
        var result: [Rule] = []
        var number = 0
        for gate in gates {
            let members = lookups.filter { $0.shape.gate == gate }
            if gate.isOpen {
                result += members.map { rule($0, asked: asked) }
                continue
            }
            number += 1
            let conditions = gate.conditions
            let inner = members.map { rule($0, asked: asked) }
            if inner.count == 1 {
                result.append(inner[0].prefixed(by: conditions))
            } else {
                let name = asked.name("\(chain)_\(gate.word)\(number)")
                add(name, inner)
                result.append(Rule(conditions, [], .jump(name)))
            }
        }
        return result
    }

    private func rule(_ lookup: Lookup, asked: AskedDestination) -> Rule {
        var conditions: [Condition] = []
        if let family = lookup.shape.addressFamily { conditions.append(.family(family)) }
        if let transportProtocol = lookup.shape.transportProtocol, !lookup.shape.namesTypes {
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
}
