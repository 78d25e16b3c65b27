import Netfilter
import PacketModel

/// Prints one rule.
struct RulePrinter {
    let setsByName: [String: NamedSet]

    func print(_ rule: Rule) throws(Inexpressible) -> String {
        let transportProtocol = Self.transportProtocol(of: rule)
        let printer = ConditionPrinter(
            setsByName: setsByName,
            family: Self.family(of: rule) ?? transportProtocol?.family,
            transportProtocol: transportProtocol
        )
        let lookups = rule.verdict.map(Self.lookups) ?? []
        var parts: [String] = []
        for (index, condition) in rule.conditions.enumerated()
        where !printer.isImplied(condition, by: rule.conditions[(index + 1)...] + lookups) {
            parts.append(try printer.text(condition, negated: false))
        }
        for statement in rule.statements { parts.append(try Self.text(statement, printer)) }
        if case .lookup(let fields, let map)? = rule.verdict {
            parts.append("\(printer.tuple(fields, of: map)) vmap @\(map)")
        } else if let verdict = rule.verdict {
            parts.append(try Self.text(verdict, in: printer.family))
        }
        if let comment = rule.comment { parts.append("comment \(TablePrinter.quoted(comment))") }
        return parts.joined(separator: " ")
    }

    /// What the verdict reads of the packet.
    private static func lookups(_ verdict: Verdict) -> [Condition] {
        if case .lookup(let fields, let map) = verdict { [.member(fields, of: map)] } else { [] }
    }

    private static func family(of rule: Rule) -> IPFamily? {
        for case .field(.family, let versions) in rule.conditions {
            return IPFamily.allCases.first { versions == [UInt128($0.version)] }
        }
        return nil
    }

    /// The only protocol that the rule speaks of, where it speaks of one.
    private static func transportProtocol(of rule: Rule) -> IPProtocol? {
        for case .field(.transportProtocol, let protocols) in rule.conditions {
            guard let single = protocols.intervals.first, single.isSingle, protocols.intervals.count == 1
            else { return nil }
            return UInt8(exactly: single.lower).map(IPProtocol.init)
        }
        return nil
    }

    private static func text(
        _ statement: Statement,
        _ printer: ConditionPrinter
    ) throws(Inexpressible) -> String {
        switch statement {
        case .counter:
            return "counter"
        case .log(let log):
            let prefix = "log prefix \(TablePrinter.quoted(log.prefix))"
            return switch log.destination {
            case .kernelLog(let level): "\(prefix) level \(level.rawValue)"
            case .group(let group): "\(prefix) group \(group)"
            }
        case .remember(let fields, let set):
            return "update @\(set) { \(printer.tuple(fields, of: set)) }"
        case .alter, .addHops, .copyMark, .untrack, .aside:
            throw Inexpressible("a change of the packet: \(statement)")
        }
    }

    static func text(_ verdict: Verdict, in family: IPFamily? = nil) throws(Inexpressible) -> String {
        switch verdict {
        case .accept: return "accept"
        case .drop: return "drop"
        case .reject(.reset): return "reject with tcp reset"
        case .reject(.prohibited): return "reject with icmpx type admin-prohibited"
        case .return: return "return"
        case .jump(let chain): return "jump \(chain)"
        case .goto(let chain): return "goto \(chain)"
        case .lookup(let fields, let map):
            return "\(fields.map { $0.expression(in: family) }.joined(separator: " . ")) vmap @\(map)"
        case .choice(let field, let choices):
            var entries: [String] = []
            for choice in choices {
                entries.append("\(field.text(choice.value, in: family)) : \(try text(choice.verdict))")
            }
            return "\(field.expression(in: family)) vmap { \(entries.joined(separator: ", ")) }"
        case .masquerade: return "masquerade"
        case .redirect(let port): return "redirect to :\(port)"
        case .destinationNAT(let address, let port):
            let host = address.family == .ipv6 && port != nil ? "[\(address)]" : "\(address)"
            let target = port.map { "\(host):\($0)" } ?? host
            return "dnat \(address.family == .ipv6 ? "ip6" : "ip") to \(target)"
        case .reject(.unreachable(let code)):
            let icmp = family == .ipv6 ? "icmpv6" : "icmp"
            return "reject with \(icmp) type \(code)"
        case .translate, .queue, .unknown: throw Inexpressible("a verdict of another firewall: \(verdict)")
        }
    }
}
