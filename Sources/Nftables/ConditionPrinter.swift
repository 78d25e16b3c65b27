import Netfilter
import PacketModel

/// Prints the conditions of one rule.
struct ConditionPrinter {
    let setsByName: [String: NamedSet]
    /// The family that the rule speaks of, where it speaks of one.
    let family: IPFamily?
    let transportProtocol: IPProtocol?

    /// nft asks for the family and the protocol itself before it reads a field of their header.
    func isImplied(_ condition: Condition, by later: ArraySlice<Condition>) -> Bool {
        guard case .field(let field, _) = condition else { return false }
        if field == .family { return later.contains(where: readsOneFamily) }
        guard field == .transportProtocol, transportProtocol?.hasPorts == true else { return false }
        return later.contains { condition in
            switch condition {
            case .field(let field, _): field.isPort
            case .member(let fields, _): fields.contains(where: \.isPort)
            case .bits, .interface, .stateful, .anyOf, .absent, .unknown, .not: false
            }
        }
    }

    private func readsOneFamily(_ condition: Condition) -> Bool {
        switch condition {
        case .field(let field, _), .bits(let field, _, _): field.isOfOneFamily
        // Ports of one family stand in a set of its own and say nothing of it.
        case .member(let fields, _): fields.contains(where: \.isOfOneFamily)
        case .stateful(.withinRate(let bucket)): bucket.name.flatMap { setsByName[$0]?.family } != nil
        case .interface, .stateful, .anyOf, .absent, .unknown, .not: false
        }
    }

    private func expression(_ field: Field, in family: IPFamily?) -> String {
        if let transportProtocol, transportProtocol.hasPorts, field.isPort {
            return "\(transportProtocol) \(field == .sourcePort ? "sport" : "dport")"
        }
        return field.expression(in: family)
    }

    func text(_ condition: Condition, negated: Bool) throws(Inexpressible) -> String {
        let differs = negated ? "!= " : ""
        switch condition {
        case .field(.icmpTypeAndCode, let values):
            return types(values, differs: differs)
        case .field(.time, let values) where values.isBefore != nil:
            return "meta time \(negated ? ">=" : "<") \(values.isBefore ?? 0)"
        case .field(let field, _) where field.isOfClock:
            throw Inexpressible("a time that is not an end")
        case .field(.tcpFlags, let values):
            let flags = "tcp flags & (\(TCPFlags.all.names.joined(separator: " | ")))"
            return "\(flags) \(negated ? "!=" : "==") \(alternatives(values, of: .tcpFlags))"
        case .field(let field, let values):
            return "\(expression(field, in: family)) \(differs)\(alternatives(values, of: field))"
        case .bits(let field, let mask, let value):
            let masked = "\(field.expression(in: family)) & \(field.text(mask, in: family))"
            return "\(masked) \(negated ? "!=" : "==") \(field.text(value, in: family))"
        case .interface(let field, let patterns):
            let names = patterns.map { "\"\($0)\"" }
            return "\(field.expression(in: family)) \(differs)\(Self.alternatives(names))"
        case .member(let fields, let name):
            return "\(tuple(fields, of: name)) \(differs)@\(name)"
        case .stateful(.withinRate(let bucket)):
            return rate(bucket, negated: negated)
        case .stateful: throw Inexpressible("a match that keeps state of iptables")
        case .anyOf: throw Inexpressible("one of several conditions in one rule")
        case .absent(let field): throw Inexpressible("a packet without a field: \(field)")
        case .unknown(let words): throw Inexpressible("words of another firewall: \(words)")
        case .not(let condition):
            return try text(condition, negated: !negated)
        }
    }

    func tuple(_ fields: [Field], of name: String) -> String {
        let set = setsByName[name]
        let family = set?.family ?? family
        return fields.map { field in
            let expression = expression(field, in: family)
            guard let length = set?.prefixLength, field.isAddress, let family else { return expression }
            return "\(expression) & \(Self.mask(length, family))"
        }.joined(separator: " . ")
    }

    private static func mask(_ length: Int, _ family: IPFamily) -> IPAddress {
        let hostBits = UInt128(family.addressWidth - length)
        return IPAddress(family: family, value: (family.lastAddress >> hostBits) << hostBits)
    }

    private func types(_ values: IntervalSet<UInt128>, differs: String) -> String {
        let icmp = family == .ipv6 ? "icmpv6" : "icmp"
        let areWhole = values.intervals.allSatisfy { $0.lower & 0xFF == 0 && $0.upper & 0xFF == 0xFF }
        guard areWhole else {
            let both = Field.icmpTypeAndCode.expression(in: family)
            let parts = values.intervals.flatMap(\.withinTypes).map {
                Field.icmpTypeAndCode.text($0, in: family)
            }
            return "\(both) \(differs){ \(parts.joined(separator: ", ")) }"
        }
        let types = values.intervals.map { interval in
            let (first, last) = (interval.lower >> 8, interval.upper >> 8)
            return first == last ? "\(first)" : "\(first)-\(last)"
        }
        return "\(icmp) type \(differs)\(Self.alternatives(types))"
    }

    private func rate(_ bucket: TokenBucket, negated: Bool) -> String {
        let limit = "limit rate \(negated ? "over " : "")\(bucket.rate) burst \(bucket.burst) packets"
        guard let name = bucket.name else { return limit }
        let family = setsByName[name]?.family
        func address(_ field: Field, _ length: Int) -> String {
            let expression = field.expression(in: family)
            guard family == .ipv6, length < 128 else { return expression }
            return "\(expression) & \(Self.mask(length, .ipv6))"
        }
        let key =
            switch bucket.key {
            case .shared: Field.family.expression(in: nil)
            case .source(let length): address(.source, length)
            case .destination(let length): address(.destination, length)
            }
        return "update @\(name) { \(key) \(limit) }"
    }

    private func alternatives(_ values: IntervalSet<UInt128>, of field: Field) -> String {
        let family = field.isOfOneFamily ? family ?? .ipv4 : family
        // Ranges of what are names, not numbers, say nothing to nft.
        let intervals =
            field.isEnumeration
            ? values.intervals.flatMap { ($0.lower...$0.upper).map { Interval($0) } } : values.intervals
        return Self.alternatives(intervals.map { field.text($0, in: family) })
    }

    private static func alternatives(_ values: [String]) -> String {
        if values.count == 1, let single = values.first { return single }
        return "{ \(values.joined(separator: ", ")) }"
    }
}

extension Field {
    var isPort: Bool { self == .sourcePort || self == .destinationPort }

    var isAddress: Bool {
        switch self {
        case .source, .destination, .originalSource, .originalDestination, .replySource, .replyDestination:
            true
        default: false
        }
    }

    var isEnumeration: Bool { self == .tcpFlags || self == .connectionState }

    /// The field stands in the header of one family only.
    var isOfOneFamily: Bool {
        switch self {
        case .icmpTypeAndCode, .hopLimit, .length, .dscp, .ecn, .fragment: true
        default: isAddress
        }
    }
}

extension IntervalSet where Bound == UInt128 {
    /// The bound that all values are below, where they are all values below it.
    fileprivate var isBefore: UInt128? {
        guard intervals.count == 1, let only = intervals.first, only.lower == 0, only.upper < .max else {
            return nil
        }
        return only.upper + 1
    }
}

extension Interval<UInt128> {
    /// Of types and codes: the parts that are codes of one type, or whole types. nft asks for the two one by one.
    fileprivate var withinTypes: [Interval] {
        guard lower >> 8 != upper >> 8 else { return [self] }
        var (parts, first, last): ([Interval?], UInt128, UInt128) = ([], lower, upper)
        if lower & 0xFF != 0 {
            first = (lower | 0xFF) + 1
            parts.append(Interval(lower, lower | 0xFF))
        }
        if upper & 0xFF != 0xFF { last = (upper >> 8) << 8 }
        if last != upper {
            // Nothing lies between where the types are neighbours.
            if first < last { parts.append(Interval(first, last - 1)) }
            parts.append(Interval(last, upper))
        } else if first < last {
            parts.append(Interval(first, last))
        }
        return parts.compactMap(\.self)
    }
}
