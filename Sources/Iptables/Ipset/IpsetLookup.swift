import PacketModel

/// What it asks of a packet that it is in a set, where what the set holds is known (ipset(8),
/// net/netfilter/ipset/).
package struct IpsetLookup: Sendable {
    /// Which end of the packet a dimension is looked up by.
    enum Side: Sendable {
        case source
        case destination
    }

    private let sets: Ipsets
    private let names: NameDatabase

    package init(_ sets: Ipsets = Ipsets(), names: NameDatabase) {
        self.sets = sets
        self.names = names
    }

    /// Nil when it is not known; negated, it holds of every packet of which the condition does not.
    func condition(_ name: String, _ sides: [Side], _ family: IPFamily) -> Condition? {
        guard let set = sets[name], !set.isOpen else { return nil }
        if IpsetShape.isList(set) { return list(set, sides, family) }
        guard let shape = IpsetShape(set) else { return nil }
        // The kernel says no where it is asked for less than the set holds, or for the other family (ip_set_test).
        guard shape.dimensions.count <= sides.count, shape.family == nil || shape.family == family else {
            return .anyOf([])
        }
        var entries: [Entry] = []
        for (element, options) in set.entries {
            guard let entry = entry(element, options, shape, sides, family) else { return nil }
            entries.append(entry)
        }
        let groups = shape.asksLongestPrefix ? cutByLongerPrefixes(entries, family) : Self.grouped(entries)
        guard let groups else { return nil }
        let first: Field = sides.first == .source ? .source : .destination
        let alternatives = groups.map { rest, addresses in
            shape.beginsWithAddress
                ? Condition.all(rest + [.field(first, in: addresses)]) : .all(rest)
        }
        return .anyOf(alternatives)
    }

    /// A list of sets: in one of them.
    private func list(_ set: Ipset, _ sides: [Side], _ family: IPFamily) -> Condition? {
        guard IpsetShape.isPlain(set.options, ofEntry: false) else { return nil }
        var members: [Condition] = []
        for (name, options) in set.entries {
            guard options.isEmpty || options.first == "before" || options.first == "after",
                let set = sets[name], !IpsetShape.isList(set), let member = condition(name, sides, family)
            else { return nil }
            members.append(member)
        }
        return .anyOf(members)
    }

    private struct Entry {
        /// The addresses of the first dimension, or any.
        var first: Interval<UInt128>
        var rest: [Condition]
    }

    /// By what else they ask, the addresses that ask it.
    private typealias Groups = [[Condition]: IntervalSet<UInt128>]

    private static func grouped(_ entries: [Entry]) -> Groups {
        Dictionary(grouping: entries, by: \.rest).mapValues { IntervalSet($0.map(\.first)) }
    }

    /// For each address only the entries with the longest prefix that it is in count, whatever else they ask
    /// (mtype_test_cidrs of ip_set_hash_gen.h). Nil for ranges, which the kernel takes apart.
    private func cutByLongerPrefixes(_ entries: [Entry], _ family: IPFamily) -> Groups? {
        var byLength: [Int: [Entry]] = [:]
        for entry in entries {
            guard let prefix = entry.first.prefix(in: family) else { return nil }
            byLength[prefix.length, default: []].append(entry)
        }
        var groups: Groups = [:]
        var covered = IntervalSet<UInt128>()
        for (_, entries) in byLength.sorted(by: { $0.key > $1.key }) {
            for (rest, addresses) in Self.grouped(entries) {
                groups[rest] = (groups[rest] ?? IntervalSet()).union(addresses.subtracting(covered))
            }
            covered = covered.union(IntervalSet(entries.map(\.first)))
        }
        return groups
    }

    private func entry(
        _ element: String,
        _ options: [String],
        _ shape: IpsetShape,
        _ sides: [Side],
        _ family: IPFamily
    ) -> Entry? {
        let parts = element.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == shape.dimensions.count, IpsetShape.isPlain(options, ofEntry: true) else {
            return nil
        }
        var first: Interval<UInt128> = .full
        var rest: [Condition] = []
        for (place, dimension) in shape.dimensions.enumerated() {
            let (text, side) = (parts[place], sides[place])
            switch dimension {
            case .address:
                guard let addresses = addresses(text, family, shape.prefixLength) else { return nil }
                if place == 0 {
                    first = addresses
                } else {
                    rest.append(.field(side == .source ? .source : .destination, in: IntervalSet(addresses)))
                }
            case .port:
                guard let port = port(text, side, isOfAnyProtocol: shape.dimensions.count == 1) else {
                    return nil
                }
                rest += port
            case .interface:
                guard !text.hasSuffix("*"), let pattern = InterfacePattern(text) else { return nil }
                let field: Field = side == .source ? .inputInterface : .outputInterface
                rest.append(.interface(field, matches: [pattern]))
            }
        }
        return Entry(first: first, rest: rest)
    }

    /// One address, a prefix, or a range; under the mask of the set.
    private func addresses(_ text: String, _ family: IPFamily, _ length: Int?) -> Interval<UInt128>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        let prefixes = ends.compactMap { end -> Prefix? in
            let parts = end.split(separator: "/", omittingEmptySubsequences: false)
            guard let address = IPAddress(parts[0]), address.family == family, parts.count <= 2 else {
                return nil
            }
            let own = parts.count == 2 ? Int(parts[1]) : family.addressWidth
            return own.flatMap { Prefix(of: address, length: min($0, length ?? $0)) }
        }
        guard prefixes.count == ends.count, let first = prefixes.first, let last = prefixes.last,
            ends.count <= 2
        else { return nil }
        return Interval(first.first, last.last)
    }

    /// `80`, `tcp:80-90`, `icmp:8/0`, `gre:0`.
    private func port(_ text: String, _ side: Side, isOfAnyProtocol: Bool) -> [Condition]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let ports = parts.last else { return nil }
        let name = parts.count == 2 ? parts[0] : "tcp"
        guard let number = UInt8(name) ?? names.protocolNumber(name) else { return nil }
        let transport = IPProtocol(number: number)
        let field: Field = side == .source ? .sourcePort : .destinationPort
        if isOfAnyProtocol {
            // A set of ports alone knows these two (ip_set_get_ip_port).
            return range(ports, name).map {
                [.transportProtocol(.tcp, .udp), .field(field, in: IntervalSet($0))]
            }
        }
        if IpsetType.portProtocols.contains(transport) {
            return range(ports, name).map {
                [.transportProtocol(transport), .field(field, in: IntervalSet($0))]
            }
        }
        if transport == .icmp || transport == .icmpv6 {
            let numbers = ports.split(separator: "/").map { UInt8($0) }
            guard numbers.count == 2, let type = numbers[0], let code = numbers[1] else { return nil }
            return [
                .transportProtocol(transport), .field(.icmpTypeAndCode, is: UInt16(type) << 8 | UInt16(code)),
            ]
        }
        return ports == "0" ? [.transportProtocol(transport)] : nil
    }

    private func range(_ text: String, _ transport: String) -> Interval<UInt128>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { end in
            UInt16(end) ?? names.port(String(end), of: transport)
        }
        guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil else { return nil }
        return Interval(UInt128(first), UInt128(last))
    }
}
