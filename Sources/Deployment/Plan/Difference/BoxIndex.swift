import PacketModel

/// Finds the boxes that meet a box without asking each of them.
struct BoxIndex: Sendable {
    private let boxes: [PacketBox]
    /// Boxes of few services, under each of these.
    private var byService: [UInt64: [Int]] = [:]
    /// Boxes of many services.
    private var manyServices: [Int] = []
    private var byRemote: [IPFamily: RemoteSpans] = [:]
    /// Boxes of many remote addresses.
    private var manyRemotes: [Int] = []

    /// A list of so many boxes is asked one by one.
    private static let fewBoxes = 64
    private static let fewServices: UInt64 = 64
    private static let fewIntervals = 64

    init(_ boxes: [PacketBox]) {
        self.boxes = boxes
        for (number, box) in boxes.enumerated() {
            if let services = Self.few(box.services) {
                for service in services { byService[service, default: []].append(number) }
            } else {
                manyServices.append(number)
            }
        }
        guard boxes.count > Self.fewBoxes else { return }
        manyRemotes = boxes.indices.filter { !Self.isNarrow(boxes[$0].remote) }
        let narrow = boxes.indices.filter { Self.isNarrow(boxes[$0].remote) }
        for family in IPFamily.allCases {
            byRemote[family] = RemoteSpans(narrow.map { ($0, boxes[$0].remote[family]) })
        }
    }

    /// The boxes that meet this one, in order; `work` grows by the number of boxes that were asked.
    func meeting(_ box: PacketBox, work: inout Int) -> [Int] {
        let asked = candidates(for: box)
        work += asked.count
        return asked.filter { boxes[$0].meets(box) }
    }

    private func candidates(for box: PacketBox) -> [Int] {
        let services = Self.few(box.services)
        let named = services?.reduce(0) { $0 + (byService[$1]?.count ?? 0) } ?? boxes.count
        if min(named + manyServices.count, boxes.count) > Self.fewBoxes, Self.isNarrow(box.remote) {
            var found = Set(manyRemotes)
            for (family, spans) in byRemote { spans.collect(box.remote[family], into: &found) }
            return found.sorted()
        }
        guard let services else { return Array(boxes.indices) }
        let found = services.flatMap { byService[$0] ?? [] } + manyServices
        return services.count > 1 ? Set(found).sorted() : found.sorted()
    }

    /// Few addresses, none of them a large part of the family.
    private static func isNarrow(_ remote: AddressSet) -> Bool {
        remote.intervalCount <= fewIntervals
            && IPFamily.allCases.allSatisfy { family in
                remote[family].intervals.allSatisfy { $0.upper - $0.lower <= family.lastAddress >> 8 }
            }
    }

    private static func few(_ services: IntervalSet<UInt64>) -> [UInt64]? {
        var values: [UInt64] = []
        for interval in services.intervals {
            guard interval.upper - interval.lower < fewServices - UInt64(values.count) else { return nil }
            values += interval.lower...interval.upper
        }
        return values
    }
}

/// The remote intervals of many boxes, by their start.
private struct RemoteSpans: Sendable {
    private struct Span: Sendable {
        var interval: Interval<UInt128>
        var box: Int
        /// The last address of this one and those before it.
        var farthest: UInt128 = 0
    }

    private var spans: [Span]

    init(_ sets: [(Int, IntervalSet<UInt128>)]) {
        spans = sets.flatMap { box, set in set.intervals.map { Span(interval: $0, box: box) } }
        spans.sort { $0.interval.lower < $1.interval.lower }
        var farthest: UInt128 = 0
        for place in spans.indices {
            farthest = max(farthest, spans[place].interval.upper)
            spans[place].farthest = farthest
        }
    }

    func collect(_ addresses: IntervalSet<UInt128>, into found: inout Set<Int>) {
        for interval in addresses.intervals {
            var place = count(startingUpTo: interval.upper) - 1
            while place >= 0, spans[place].farthest >= interval.lower {
                if spans[place].interval.upper >= interval.lower { found.insert(spans[place].box) }
                place -= 1
            }
        }
    }

    private func count(startingUpTo last: UInt128) -> Int {
        var (low, high) = (0, spans.count)
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].interval.lower <= last { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
