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

    package init(_ sets: Ipsets = Ipsets()) {
        self.sets = sets
    }

    /// Nil when it is not known; negated, it holds of every packet of which the condition does not.
    func condition(_ name: String, _ sides: [Side], _ family: IPFamily) -> Condition? {
        guard let set = sets[name], !set.isOpen, set.keepsForever else { return nil }
        if set.kind.storage == .list { return list(set, sides, family) }
        guard Self.compared.contains(set.type) else { return nil }
        let own = set.kind.hasAddresses ? set.options.family : nil
        // The kernel says no where it is asked for less than the set holds, or for the other family (ip_set_test).
        guard set.kind.dimensions.count <= sides.count, own == nil || own == family else { return .anyOf([]) }
        guard let entries = entries(of: set, sides, family) else { return nil }
        let hasExceptions = entries.contains { $0.isException }
        // Where it is not the first address alone that an exception is about, the order of the kernel decides.
        guard !hasExceptions || set.type == "hash:net" else { return nil }
        let asksLongest = hasExceptions || set.kind.hasInterfaces
        let groups = asksLongest ? cutByLongerPrefixes(entries, family) : Self.grouped(entries)
        guard let groups else { return nil }
        let first: Field = sides.first == .source ? .source : .destination
        let alternatives = groups.map { rest, addresses in
            set.kind.hasAddresses ? Condition.all(rest + [.field(first, in: addresses)]) : .all(rest)
        }
        return .anyOf(alternatives)
    }

    /// The types whose meaning was compared with a kernel.
    private static let compared: Set<String> = [
        "bitmap:ip", "bitmap:port", "hash:ip", "hash:ip,port", "hash:ip,port,ip",
        "hash:ip,port,net", "hash:net", "hash:net,iface", "hash:net,port",
    ]

    /// A list of sets: in one of them.
    private func list(_ set: Ipset, _ sides: [Side], _ family: IPFamily) -> Condition? {
        var members: [Condition] = []
        for name in set.members {
            guard let member = condition(name, sides, family) else { return nil }
            members.append(member)
        }
        return .anyOf(members)
    }

    private struct Entry {
        /// The addresses of the first dimension, or any.
        var first: Interval<UInt128>
        var rest: [Condition]
        /// It is not in the set, whatever wider prefix is.
        var isException = false
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
            for (rest, addresses) in Self.grouped(entries.filter { !$0.isException }) {
                groups[rest] = (groups[rest] ?? IntervalSet()).union(addresses.subtracting(covered))
            }
            covered = covered.union(IntervalSet(entries.map(\.first)))
        }
        return groups
    }

    /// Elements that differ in their port alone are one entry.
    private struct Rest: Hashable {
        let element: IpsetElement
        let transport: UInt8?
    }

    private func entries(of set: Ipset, _ sides: [Side], _ family: IPFamily) -> [Entry]? {
        var ports: [Rest: [UInt128]] = [:]
        var exceptions: Set<IpsetElement> = []
        for (element, attributes) in set.elements {
            guard attributes.timeout ?? 0 == 0, !attributes.isWildcard else { return nil }
            if attributes.isException { exceptions.insert(element) }
            var (rest, transport, port): (IpsetElement, UInt8?, UInt16) = (element, nil, 0)
            rest.parts.removeAll { part in
                switch part {
                case .port(let number, let value): (transport, port) = (number, value)
                case .plainPort(let value): port = value
                case .prefix, .mac, .interface, .mark, .set: return false
                }
                return true
            }
            ports[Rest(element: rest, transport: transport), default: []].append(
                UInt128(port)
            )
        }
        var entries: [Entry] = []
        for (rest, values) in ports {
            let intervals = values.compactMap { Interval($0, $0) }
            guard var entry = entry(rest, IntervalSet(intervals), set, sides, family) else { return nil }
            entry.isException = exceptions.contains(rest.element)
            entries.append(entry)
        }
        return entries
    }

    private func entry(
        _ rest: Rest,
        _ ports: IntervalSet<UInt128>,
        _ set: Ipset,
        _ sides: [Side],
        _ family: IPFamily
    ) -> Entry? {
        var entry = Entry(first: .full, rest: [])
        var parts = rest.element.parts[...]
        for (place, dimension) in set.kind.dimensions.enumerated() {
            let side = sides[place]
            if case .port = dimension {
                entry.rest += Self.condition(rest.transport, ports, side)
                continue
            }
            switch parts.popFirst() {
            case .prefix(let first, let length):
                guard let addresses = addresses(first, length, set, family) else { return nil }
                if place == 0 {
                    entry.first = addresses
                } else {
                    let field: Field = side == .source ? .source : .destination
                    entry.rest.append(.field(field, in: IntervalSet(addresses)))
                }
            case .interface(let name, let isPhysical):
                guard !isPhysical, !name.hasSuffix("*"), let pattern = InterfacePattern(name) else {
                    return nil
                }
                let field: Field = side == .source ? .inputInterface : .outputInterface
                entry.rest.append(.interface(field, matches: [pattern]))
            case .port, .plainPort, .mac, .mark, .set, nil: return nil
            }
        }
        return entry
    }

    /// Under the mask of the set, of which only that of a prefix is looked into, where there is one dimension.
    private func addresses(_ first: UInt128, _ length: Int, _ set: Ipset, _ family: IPFamily) -> Interval<
        UInt128
    >? {
        var length = length
        if set.options.mask != nil {
            guard let own = set.options.maskLength, set.kind.dimensions.count == 1 else { return nil }
            length = min(length, own)
        }
        let address = IPAddress(family: family, value: first)
        return Prefix(of: address, length: length).flatMap { Interval($0.first, $0.last) }
    }

    private static func condition(_ number: UInt8?, _ ports: IntervalSet<UInt128>, _ side: Side)
        -> [Condition]
    {
        let field: Field = side == .source ? .sourcePort : .destinationPort
        // A set of ports alone knows these two (ip_set_get_ip_port).
        guard let number else { return [.transportProtocol(.tcp, .udp), .field(field, in: ports)] }
        let transport = IPProtocol(number: number)
        if IpsetType.portProtocols.contains(transport) {
            return [.transportProtocol(transport), .field(field, in: ports)]
        }
        if transport == .icmp || transport == .icmpv6 {
            return [.transportProtocol(transport), .field(.icmpTypeAndCode, in: ports)]
        }
        return [.transportProtocol(transport)]
    }
}

extension Ipset {
    /// No element of it goes by itself.
    fileprivate var keepsForever: Bool { options.timeout ?? 0 == 0 }
}
