import PacketModel

extension AddressSet {
    /// Every address of both families, made once.
    static let everywhere = AddressSet.full

    func clipped(to other: AddressSet) -> AddressSet {
        var result = AddressSet()
        for family in IPFamily.allCases {
            // Sets of both families know how to walk along addresses; a set of intervals must ask what they are.
            result[family] =
                self[family].quicklyClipped(to: other[family])
                ?? only(family).intersection(other.only(family))[family]
        }
        return result
    }

    func without(_ other: AddressSet) -> AddressSet {
        let common = other.clipped(to: self)
        var result = self
        for family in IPFamily.allCases where !common[family].intervals.isEmpty {
            result[family] =
                common[family].intervals == self[family].intervals
                ? IntervalSet() : only(family).subtracting(common.only(family))[family]
        }
        return result
    }

    private func only(_ family: IPFamily) -> AddressSet {
        switch family {
        case .ipv4: AddressSet(ipv4: ipv4)
        case .ipv6: AddressSet(ipv6: ipv6)
        }
    }

    func meets(_ other: AddressSet) -> Bool { ipv4.meets(other.ipv4) || ipv6.meets(other.ipv6) }

    /// The union of many at once.
    static func union(of sets: [AddressSet]) -> AddressSet {
        var sets = sets.filter { $0.intervalCount > 0 }
        while sets.count > 1 {
            sets = stride(from: 0, to: sets.count, by: 2).map { place in
                place + 1 < sets.count ? sets[place].union(sets[place + 1]) : sets[place]
            }
        }
        return sets.first ?? AddressSet()
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
