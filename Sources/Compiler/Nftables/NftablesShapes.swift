import Netfilter
import PacketModel
import Policy

/// How shapes and pieces become sets of nftables.
extension Shape {
    /// The fields of a set of this shape, in the order of its keys.
    var fields: [Field] {
        var result: [Field] = []
        if hasMembers {
            result.append(transportProtocol?.hasTypes == true ? .icmpTypeAndCode : .destinationPort)
        }
        if hasSource { result.append(.source) }
        if hasDestination { result.append(.destination) }
        if hasUser { result.append(.user) }
        return result
    }

    /// The family that the fields belong to, if it is but one.
    var addressFamily: IPFamily? { family ?? transportProtocol?.family }

    /// The types of ICMP say the protocol themselves.
    var namesTypes: Bool { hasMembers && transportProtocol?.hasTypes == true }

    /// ICMP types and nothing else: few, and clearer as rules.
    var isPlainTypes: Bool { fields == [.icmpTypeAndCode] }

    /// What tells the set of this shape from the others: `_tcp_port_source4`, the gate by its number.
    func nameSuffix(among tables: [PieceTable]) -> String {
        var parts: [String] = []
        if let number = gateNumber(among: tables) { parts.append("\(gate.word)\(number)") }
        if let transportProtocol { parts.append(transportProtocol.name) }
        if hasMembers { parts.append(transportProtocol?.hasTypes == true ? "type" : "port") }
        let version = family.map { String($0.version) } ?? ""
        if hasSource { parts.append("source\(version)") }
        if hasDestination { parts.append("destination\(version)") }
        if hasUser { parts.append("user") }
        if !hasSource && !hasDestination && family != nil { parts.append("ipv\(version)") }
        return parts.map { "_\($0)" }.joined()
    }

    /// The number of this shape's gate among those of the tables, from 1; nil for an open one.
    func gateNumber(among tables: [PieceTable]) -> Int? {
        var seen: [Gate] = []
        for table in tables where !table.shape.gate.isOpen && !seen.contains(table.shape.gate) {
            seen.append(table.shape.gate)
        }
        return seen.firstIndex(of: gate).map { $0 + 1 }
    }

    var gate: Gate {
        Gate(input: inputInterfaces, output: outputInterfaces, until: until)
    }
}

/// What a shape asks for outside its sets: the interfaces, and the time.
struct Gate: Hashable {
    var input: [InterfacePattern]?
    var output: [InterfacePattern]?
    var until: CalendarTime?

    var isOpen: Bool { self == Gate() }

    /// What the names of chains and sets behind it have, before its number.
    var word: String { input == nil && output == nil ? "until" : "if" }

    var conditions: [Condition] {
        [
            input.map { .interface(.inputInterface, matches: $0) },
            output.map { .interface(.outputInterface, matches: $0) },
            until.map(Condition.before),
        ].compactMap(\.self)
    }
}

extension Piece {
    func isSingle(in shape: Shape) -> Bool {
        (!shape.hasMembers || members.isSingle) && (!shape.hasSource || source.isSingle)
            && (!shape.hasDestination || destination.isSingle) && (!shape.hasUser || user.isSingle)
    }

    /// The keys of this piece, one interval for each field of the shape; several only where codes of several
    /// ICMP types cannot stand in one.
    func keys(_ shape: Shape) -> [[Interval<UInt128>]] {
        let heads = shape.hasMembers ? members.wholeOrWithinType(shape).map { [$0.asFieldValues] } : [[]]
        var rest: [Interval<UInt128>] = []
        if shape.hasSource { rest.append(source) }
        if shape.hasDestination { rest.append(destination) }
        if shape.hasUser { rest.append(user.asFieldValues) }
        return heads.map { $0 + rest }
    }
}

extension Interval where Bound == UInt16 {
    /// For ICMP: the parts of the interval that are codes of one type, or whole types. For ports: itself.
    func wholeOrWithinType(_ shape: Shape) -> [Interval<UInt16>] {
        guard shape.transportProtocol?.hasTypes == true, lower >> 8 != upper >> 8 else { return [self] }
        var result: [Interval<UInt16>] = []
        var (first, last) = (lower, upper)
        if lower & 0xFF != 0 {
            result += [Interval(lower, lower | 0xFF)].compactMap(\.self)
            first = (lower | 0xFF) + 1
        }
        if upper & 0xFF != 0xFF {
            result += [Interval(upper & 0xFF00, upper)].compactMap(\.self)
            last = (upper & 0xFF00) - 1
        }
        return result + [Interval(first, last)].compactMap(\.self)
    }
}

extension Interval where Bound == UInt32 {
    var asFieldValues: Interval<UInt128> {
        Interval<UInt128>(UInt128(lower), UInt128(upper)) ?? Interval<UInt128>(UInt128(lower))
    }
}

extension IPProtocol {
    /// What chains and sets of this protocol are called.
    var name: String { Int(description) == nil ? description : "protocol\(number)" }
}
