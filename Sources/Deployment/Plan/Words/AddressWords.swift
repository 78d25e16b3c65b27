import PacketModel

/// Addresses in few words.
enum AddressWords {
    /// So many are listed; of more only the number is said.
    private static let mostListed = 2

    /// `anywhere`, `192.0.2.5`, `3 networks`, `anywhere but 192.0.2.0/24`.
    static func text(_ addresses: AddressSet) -> String {
        if addresses == .everywhere { return "anywhere" }
        let missing = AddressSet.everywhere.without(addresses)
        if missing.intervalCount < addresses.intervalCount {
            return "anywhere but \(list(missing))"
        }
        return list(addresses)
    }

    /// As a part of a policy line has it; nil for every address.
    static func policyText(_ addresses: AddressSet) -> String? {
        addresses == .everywhere ? nil : list(addresses)
    }

    private static func list(_ addresses: AddressSet) -> String {
        var words: [String] = []
        var listed = AddressSet()
        for family in IPFamily.allCases {
            let (set, every) = (addresses[family], AddressSet.everywhere[family])
            let missing = every.without(set)
            if set.isEmpty || missing.intervals.count >= set.intervals.count {
                listed[family] = set
                continue
            }
            var exceptions = AddressSet()
            exceptions[family] = missing
            words.append(
                "any \(family == .ipv4 ? "IPv4" : "IPv6") address"
                    + (missing.isEmpty ? "" : " but \(counted(exceptions))")
            )
        }
        if !listed.isEmpty { words.append(counted(listed)) }
        return words.joined(separator: " and ")
    }

    private static func counted(_ addresses: AddressSet) -> String {
        let intervals = IPFamily.allCases.flatMap { family in
            addresses[family].intervals.prefix(mostListed + 1).map { (family, $0) }
        }
        guard intervals.count > mostListed else {
            return WordList.text(intervals.map { text($1, $0) })
        }
        let isSingle = IPFamily.allCases.allSatisfy { addresses[$0].intervals.allSatisfy(\.isSingle) }
        return "\(addresses.intervalCount) \(isSingle ? "addresses" : "networks")"
    }

    private static func text(_ interval: Interval<UInt128>, _ family: IPFamily) -> String {
        if let prefix = interval.prefix(in: family) { return prefix.description }
        let ends = [interval.lower, interval.upper].map { IPAddress(family: family, value: $0).description }
        return ends.joined(separator: "-")
    }
}
