import Netfilter
import PacketModel
import Policy

/// Sets outside the tables. Their names carry a hash of what is in them: one that did not change is used
/// again, and one that did never meets rules that mean another.
extension IptablesLowering {
    /// Sets larger than this name the line of an element without repeating what the line says.
    private static let mostTitledElements = 100
    /// A box with more elements is no line of a list; it is asked for by rules.
    private static let mostElementsOfBox = 64

    /// The set of these addresses; made once, however many rules ask it.
    mutating func addressSet(_ addresses: IntervalSet<UInt128>, _ field: Field) -> String {
        // Sources and destinations are looked up in the same kind of set.
        var hash = ContentHash()
        hash.combine(family.rawValue)
        hash.combine(addresses.intervals)
        let name = "\(IptablesProgram.setPrefix)\(hash.digits)-addresses"
        guard setNames.insert(name).inserted else { return name }
        var set = NamedSet(name, family: family, fields: [field])
        let attributes = set.register(NamedSet.Attributes())
        for interval in addresses.intervals { set.append([interval], attributeIndex: attributes) }
        sets.append(set)
        return name
    }

    /// Folds boxes that differ only in addresses and ports into one set for each kind, and leaves the others.
    mutating func foldIntoSets(
        _ boxes: [LineBox],
        _ lines: [StagedLine],
        stem: String
    ) -> (rules: [Rule], rest: [LineBox]) {
        var rest: [LineBox] = []
        var kinds: [SetKind] = []
        var members: [SetKind: [LineBox]] = [:]
        for box in boxes {
            guard let kind = SetKind(box, lines[box.owner]), elements(box) <= Self.mostElementsOfBox else {
                rest.append(box)
                continue
            }
            if members[kind] == nil { kinds.append(kind) }
            members[kind, default: []].append(box)
        }
        var rules: [Rule] = []
        for kind in kinds {
            let boxes = members[kind] ?? []
            if boxes.reduce(0, { $0 + elements($1) }) <= Self.mostInlineAddresses {
                rest += boxes
                continue
            }
            let name = makeSet(kind, boxes, lines, stem: stem)
            var conditions: [Condition] = []
            if let patterns = kind.inputInterfaces {
                conditions.append(.interface(.inputInterface, matches: patterns))
            }
            if let patterns = kind.outputInterfaces {
                conditions.append(.interface(.outputInterface, matches: patterns))
            }
            if let destination = kind.destination { conditions.append(among(destination, .destination)) }
            conditions.append(.member(kind.fields, of: name))
            rules.append(Rule(conditions, [.counter], kind.verdict, comment: "\(boxes.count) lines in a set"))
        }
        return (rules, rest.sorted { $0.owner < $1.owner })
    }

    private func elements(_ box: LineBox) -> Int {
        let ports = box.hasPorts ? box.members.intervals.reduce(0) { $0 + Int($1.upper - $1.lower) + 1 } : 1
        return (box.source ?? box.destination ?? []).intervals.count * ports
    }

    private mutating func makeSet(
        _ kind: SetKind,
        _ boxes: [LineBox],
        _ lines: [StagedLine],
        stem: String
    ) -> String {
        var keys: [(key: [Interval<UInt128>], owner: Int)] = []
        for box in boxes { keys += self.keys(of: box, kind).map { ($0, box.owner) } }
        keys.sort { left, right in
            left.key == right.key ? left.owner < right.owner : left.key.lexicographicallyPrecedes(right.key)
        }
        var hash = ContentHash()
        hash.combine("\(family) \(kind.fields)")
        for (key, _) in keys { hash.combine(key) }
        let name =
            "\(IptablesProgram.setPrefix)\(hash.digits)-\(stem.dropFirst(Self.prefix.count).lowercased())"
        guard setNames.insert(name).inserted else { return name }
        var set = NamedSet(name, family: family, fields: kind.fields, hasCounters: true)
        let isTitled = keys.count <= Self.mostTitledElements
        var last: [Interval<UInt128>]?
        for (key, owner) in keys where key != last {
            last = key
            let origin = lines[owner].line.origin
            let comment = isTitled ? policy.comment(origin) : policy.place(origin)
            set.append(key, NamedSet.Attributes(comment: comment))
        }
        sets.append(set)
        return name
    }

    private func keys(of box: LineBox, _ kind: SetKind) -> [[Interval<UInt128>]] {
        var keys: [[Interval<UInt128>]] = [[]]
        func extend(_ values: [[Interval<UInt128>]]) {
            keys = keys.flatMap { start in values.map { start + $0 } }
        }
        let isPort = kind.fields.contains(.transportProtocol)
        let ports = box.members.intervals.map { ports in
            [Interval(UInt128(box.transportProtocol?.number ?? 0)), ports.asFieldValues]
        }
        extend((box.source ?? box.destination ?? []).intervals.map { [$0] })
        if isPort { extend(ports) }
        return keys
    }
}

/// What the boxes of one set have in common.
private struct SetKind: Hashable {
    var inputInterfaces: [InterfacePattern]?
    var outputInterfaces: [InterfacePattern]?
    /// Beside sources in the set.
    var destination: IntervalSet<UInt128>?
    var fields: [Field]
    var verdict: Verdict?

    /// Nil for what ipset has no kind for: ports without addresses, users, times, buckets, ICMP, whole protocols.
    init?(_ box: LineBox, _ staged: StagedLine) {
        guard box.users == nil, box.until == nil, staged.conditions.isEmpty,
            box.transportProtocol == nil || box.hasPorts
        else { return nil }
        // ipset takes the ports of DCCP neither in its tool nor in the kernel (ip_set_getport.c).
        guard box.transportProtocol != .dccp else { return nil }
        // Not every kernel has sets of two addresses (`hash:net,net`), so one of them is asked for by itself.
        guard box.source != nil || box.destination != nil else { return nil }
        fields = [box.source != nil ? .source : .destination]
        if box.transportProtocol != nil { fields += [.transportProtocol, .destinationPort] }
        destination = box.source != nil ? box.destination : nil
        inputInterfaces = box.inputInterfaces
        outputInterfaces = box.outputInterfaces
        verdict = staged.verdict
    }
}
