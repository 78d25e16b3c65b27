import Netfilter
import PacketModel

/// Prints one rule.
struct RulePrinter {
    let setsByName: [String: NamedSet]

    func print(_ rule: Rule) -> String {
        let transportProtocol = Self.transportProtocol(of: rule)
        let printer = ConditionPrinter(
            setsByName: setsByName,
            family: Self.family(of: rule) ?? transportProtocol?.family,
            transportProtocol: transportProtocol
        )
        var parts: [String] = []
        for (index, condition) in rule.conditions.enumerated()
        where !printer.isImplied(condition, by: rule.conditions[(index + 1)...]) {
            parts.append(printer.text(condition, negated: false))
        }
        parts += rule.statements.map(Self.text)
        if let verdict = rule.verdict { parts.append(Self.text(verdict, in: printer.family)) }
        if let comment = rule.comment { parts.append("comment \(TablePrinter.quoted(comment))") }
        return parts.joined(separator: " ")
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

    private static func text(_ statement: Statement) -> String {
        switch statement {
        case .counter:
            return "counter"
        case .log(let log):
            let prefix = "log prefix \(TablePrinter.quoted(log.prefix))"
            return switch log.destination {
            case .kernelLog(let level): "\(prefix) level \(level.rawValue)"
            case .group(let group): "\(prefix) group \(group)"
            }
        }
    }

    static func text(_ verdict: Verdict, in family: IPFamily? = nil) -> String {
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
            let entries = choices.map { "\(field.text($0.value, in: family)) : \(text($0.verdict))" }
            return "\(field.expression(in: family)) vmap { \(entries.joined(separator: ", ")) }"
        case .masquerade: return "masquerade"
        case .redirect(let port): return "redirect to :\(port)"
        case .destinationNAT(let address, let port):
            let host = address.family == .ipv6 && port != nil ? "[\(address)]" : "\(address)"
            let target = port.map { "\(host):\($0)" } ?? host
            return "dnat \(address.family == .ipv6 ? "ip6" : "ip") to \(target)"
        }
    }
}
