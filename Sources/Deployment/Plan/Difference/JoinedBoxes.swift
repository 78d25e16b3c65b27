import PacketModel

extension [PacketBox] {
    /// Fewer boxes with the same packets: those that differ along one axis only are one.
    ///
    /// The boxes must be disjoint.
    var joined: [PacketBox] {
        guard count > 1 else { return self }
        var interning = RemoteInterning()
        var remotes: [AddressSet] = []
        var frames: [Frame] = map { box in
            let number = interning.number(of: box.remote, in: &remotes)
            var rest = box
            rest.remote = AddressSet()
            return Frame(rest: rest, remote: number)
        }
        var before = Int.max
        while frames.count < before {
            before = frames.count
            frames = frames.joinedAlongAxes
        }
        return frames.joined { frame in
            let part = remotes[frame.remote]
            frame.remote = 0
            return part
        } combining: { frame, parts in
            frame.remote = remotes.count
            remotes.append(.union(of: parts))
        }.map { frame in
            var box = frame.rest
            box.remote = remotes[frame.remote]
            return box
        }
    }
}

/// A box whose remote addresses, which may be a million, are known by a number.
private struct Frame: Hashable {
    var rest: PacketBox
    var remote: Int
}

extension [Frame] {
    fileprivate var joinedAlongAxes: [Frame] {
        var frames = self
        for axis in PacketBox.Axis.allCases {
            frames = frames.joined { frame in
                let part = frame.rest[axis]
                frame.rest[axis] = []
                return part
            } combining: { frame, parts in
                frame.rest[axis] = .union(of: parts)
            }
        }
        return frames.joined { frame in
            let part = frame.rest.local
            frame.rest.local = AddressSet()
            return part
        } combining: { frame, parts in
            frame.rest.local = .union(of: parts)
        }
    }

    /// One frame for all that are equal after `taking` a part out of each.
    fileprivate func joined<Part>(
        taking take: (inout Frame) -> Part,
        combining combine: (inout Frame, [Part]) -> Void
    ) -> [Frame] {
        var order: [Frame] = []
        var parts: [Frame: [Part]] = [:]
        for frame in self {
            var key = frame
            let part = take(&key)
            if parts[key] == nil { order.append(key) }
            parts[key, default: []].append(part)
        }
        return order.map { key in
            var frame = key
            combine(&frame, parts[key] ?? [])
            return frame
        }
    }
}

/// Gives equal sets one number, without hashing all of a large one.
private struct RemoteInterning {
    private struct Outline: Hashable {
        var counts: [Int]
        var borders: [Interval<UInt128>?]
    }

    private var numbers: [Outline: [Int]] = [:]

    mutating func number(of remote: AddressSet, in known: inout [AddressSet]) -> Int {
        let outline = Outline(
            counts: [remote.ipv4.intervals.count, remote.ipv6.intervals.count],
            borders: [
                remote.ipv4.intervals.first, remote.ipv4.intervals.last, remote.ipv6.intervals.first,
                remote.ipv6.intervals.last,
            ]
        )
        if let same = numbers[outline]?.first(where: { known[$0] == remote }) { return same }
        numbers[outline, default: []].append(known.count)
        known.append(remote)
        return known.count - 1
    }
}
