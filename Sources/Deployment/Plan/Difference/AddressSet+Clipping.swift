import PacketModel

extension AddressSet {
    /// Every address of both families, made once.
    static let everywhere = AddressSet.full

    func clipped(to other: AddressSet) -> AddressSet {
        AddressSet(ipv4: ipv4.clipped(to: other.ipv4), ipv6: ipv6.clipped(to: other.ipv6))
    }

    func without(_ other: AddressSet) -> AddressSet {
        AddressSet(ipv4: ipv4.without(other.ipv4), ipv6: ipv6.without(other.ipv6))
    }

    func meets(_ other: AddressSet) -> Bool { ipv4.meets(other.ipv4) || ipv6.meets(other.ipv6) }

    static func union(of sets: [AddressSet]) -> AddressSet {
        AddressSet(ipv4: .union(of: sets.map(\.ipv4)), ipv6: .union(of: sets.map(\.ipv6)))
    }

    /// The union of subsets of a set; where one of them is all of it, the others do not matter.
    static func union(of sets: [AddressSet], within whole: AddressSet) -> AddressSet {
        sets.first { $0 == whole } ?? union(of: sets)
    }

    /// Only the families that the other set has addresses of.
    func inFamilies(of other: AddressSet) -> AddressSet {
        AddressSet(
            ipv4: other.ipv4.intervals.isEmpty ? IntervalSet() : ipv4,
            ipv6: other.ipv6.intervals.isEmpty ? IntervalSet() : ipv6
        )
    }

    var intervalCount: Int { ipv4.intervals.count + ipv6.intervals.count }
}
