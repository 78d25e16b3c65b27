import Netfilter
import PacketModel

extension SimulationState {
    /// Addresses that a list holds (the module parameter `ip_list_tot`).
    private static let longestList = 100

    /// Whether the list's match holds (net/netfilter/xt_recent.c, recent_mt).
    ///
    /// - Parameters:
    ///   - room: the times that the list keeps of an address.
    ///   - time: in nanoseconds.
    mutating func matches(
        _ list: RecentList,
        _ address: UInt128,
        hopLimit: UInt8,
        room: Int,
        at time: UInt64
    ) -> Bool {
        var entries = recent[list.name] ?? [:]
        defer { recent[list.name] = entries }
        guard
            var entry = entries[address],
            !list.comparesHopLimit || hopLimit == 0 || entry.hopLimit == 0 || entry.hopLimit == hopLimit
        else {
            guard list.verb == .set else { return false }
            if entries.count >= Self.longestList, entries[address] == nil,
                let oldest = entries.min(by: { $0.value.order < $1.value.order })
            {
                entries[oldest.key] = nil
            }
            var entry = Sightings(hopLimit: hopLimit)
            see(&entry, hopLimit, room: room, at: time)
            entries[address] = entry
            return true
        }
        var holds = false
        switch list.verb {
        case .set: holds = true
        case .remove:
            entries[address] = nil
            return true
        case .check, .update:
            let oldest = list.seconds.map { time - min(time, UInt64($0) * 1_000_000_000) }
            let hits = entry.times.count { seen in oldest.map { seen >= $0 } ?? true }
            holds = hits > 0 && hits >= Int(list.hits)
            if list.reaps, let oldest {
                // The one that was seen the longest ago goes when it is too old, unless it is seen now.
                let first = entries.min { $0.value.order < $1.value.order }
                if let first, first.value.newest < oldest,
                    !(first.key == address && list.verb == .update && holds)
                {
                    entries[first.key] = nil
                }
            }
        }
        if list.verb == .set || (list.verb == .update && holds) {
            see(&entry, hopLimit, room: room, at: time)
            entries[address] = entry
        }
        return holds
    }

    private mutating func see(_ entry: inout Sightings, _ hopLimit: UInt8, room: Int, at time: UInt64) {
        if entry.next < entry.times.count {
            entry.times[entry.next] = time
        } else {
            entry.times.append(time)
        }
        entry.next = (entry.next + 1) % room
        entry.hopLimit = hopLimit
        sightings += 1
        entry.order = sightings
    }
}

extension SimulationState.Sightings {
    fileprivate var newest: UInt64 { times.isEmpty ? 0 : times[next == 0 ? times.count - 1 : next - 1] }
}
