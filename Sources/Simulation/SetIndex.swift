import Netfilter
import PacketModel

/// The elements of a set, found by a scan of those with the same first value where it is single.
struct SetIndex: Sendable {
    let family: IPFamily?
    private let set: NamedSet
    private var byFirst: [UInt128: [Int]] = [:]
    private var ranges: [Int] = []

    init(_ set: NamedSet) {
        self.set = set
        family = set.family
        for index in 0..<set.count {
            guard let first = set.key(index).first else { continue }
            if first.isSingle && set.prefixLength == nil {
                byFirst[first.lower, default: []].append(index)
            } else {
                ranges.append(index)
            }
        }
    }

    func find(_ key: [UInt128]?, _ packetFamily: IPFamily) -> NamedSet.Attributes? {
        guard let key, let first = key.first else { return nil }
        let candidates = (byFirst[first] ?? []) + ranges
        return candidates.first { matches($0, key, packetFamily) }.map(set.attributes)
    }

    private func matches(_ index: Int, _ key: [UInt128], _ packetFamily: IPFamily) -> Bool {
        zip(zip(set.fields, set.key(index)), key).allSatisfy { element, value in
            let (field, interval) = element
            guard let length = set.prefixLength, field == .source || field == .destination else {
                return interval.contains(value)
            }
            let hostBits = UInt128(packetFamily.addressWidth - length)
            return interval.lower >> hostBits == value >> hostBits
        }
    }
}
