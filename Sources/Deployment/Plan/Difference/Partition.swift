import PacketModel

/// A set cut along the borders of others.
enum Partition {
    /// The parts of `domain` that the sets do not tell apart, each with the places of the sets that hold it.
    static func cut<Bound>(
        _ domain: IntervalSet<Bound>,
        by sets: [IntervalSet<Bound>]
    ) -> [(part: IntervalSet<Bound>, members: [Int])] {
        var everywhere: [Int] = []
        var borders: [IntervalSet<Bound>: [Int]] = [:]
        for (place, set) in sets.enumerated() {
            let inside = set.clipped(to: domain)
            if inside == domain {
                everywhere.append(place)
            } else if !inside.isEmpty {
                borders[inside, default: []].append(place)
            }
        }
        let distinct = borders.sorted { ($0.value.first ?? 0) < ($1.value.first ?? 0) }
        var parts = sweep(distinct.map(\.key)).map { part, holders in
            (part: part, members: (everywhere + holders.flatMap { distinct[$0].value }).sorted())
        }
        let rest = domain.without(.union(of: distinct.map(\.key)))
        if !rest.isEmpty { parts.append((rest, everywhere)) }
        return parts
    }

    /// The same for addresses; parts of both families that the same sets hold are one.
    static func cut(_ domain: AddressSet, by sets: [AddressSet]) -> [(part: AddressSet, members: [Int])] {
        var parts: [(part: AddressSet, members: [Int])] = cut(domain.ipv4, by: sets.map(\.ipv4)).map {
            (AddressSet(ipv4: $0.part), $0.members)
        }
        let places = Dictionary(
            parts.enumerated().map { ($1.members, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        for (part, members) in cut(domain.ipv6, by: sets.map(\.ipv6)) {
            if let place = places[members] {
                parts[place].part.ipv6 = part
            } else {
                parts.append((AddressSet(ipv6: part), members))
            }
        }
        return parts
    }

    /// Walks along the borders; what the same sets hold is one part, however scattered.
    private static func sweep<Bound>(
        _ sets: [IntervalSet<Bound>]
    ) -> [(part: IntervalSet<Bound>, holders: [Int])] {
        if sets.count == 1 { return [(sets[0], [0])] }
        var borders: [(position: Bound, set: Int, begins: Bool)] = []
        for (number, set) in sets.enumerated() {
            for interval in set.intervals {
                borders.append((interval.lower, number, true))
                if interval.upper < .max { borders.append((interval.upper + 1, number, false)) }
            }
        }
        borders.sort { $0.position < $1.position }
        var holders: [Int] = []
        var order: [[Int]] = []
        var parts: [[Int]: [Interval<Bound>]] = [:]
        var next = 0
        while next < borders.count {
            let position = borders[next].position
            while next < borders.count, borders[next].position == position {
                let border = borders[next]
                let place = holders.firstIndex { $0 >= border.set } ?? holders.count
                if border.begins { holders.insert(border.set, at: place) } else { holders.remove(at: place) }
                next += 1
            }
            let last = next < borders.count ? borders[next].position - 1 : .max
            guard !holders.isEmpty, let interval = Interval(position, last) else { continue }
            if parts[holders] == nil { order.append(holders) }
            parts[holders, default: []].append(interval)
        }
        return order.map { (IntervalSet(parts[$0] ?? []), $0) }
    }
}
