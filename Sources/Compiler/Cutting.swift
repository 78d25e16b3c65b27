package import PacketModel
package import Policy

/// Cuts lines into disjoint pieces.
///
/// Where lines of one shape overlap, the one that comes first in the list owns the packets; so the list must be in
/// an order that the order of the file has no part in (see ``PolicyLine/precedes(_:)``). Across shapes
/// the tables are to be asked in order: the first that knows a packet owns it.
///
/// Lines that overlap in many ways would come to the square of their number in pieces, and more. So there are several
/// tables of one shape where it would be too many: the lines of each overlap with the others of their table in few ways,
/// and all of them come before the lines of the next.
package struct Cutting {
    /// More pieces than this are refused: the lines overlap in too many ways.
    package static let mostPieces = 8_000_000

    /// The lines overlap in more ways than can be held.
    package struct TooManyPieces: Error {}

    private var groups: [Shape: [Box]] = [:]
    private var kept: [Shape: PieceTable.Kept] = [:]
    /// The members that lines admit for everybody, for each protocol: nothing narrower needs a piece there.
    private var covered: [Coverage: IntervalSet<UInt16>] = [:]

    /// Where a line without further conditions covers narrower ones.
    private struct Coverage: Hashable {
        var inputInterfaces: [InterfacePattern]?
        var outputInterfaces: [InterfacePattern]?
        var transportProtocol: IPProtocol
    }

    /// What a line says within one shape; a box for each pair of intervals would be too many.
    private struct Box {
        var members: IntervalSet<UInt16>
        var source: IntervalSet<UInt128>
        var destination: IntervalSet<UInt128>
        var user: IntervalSet<UInt32>
        var owner: Int

        /// How many pieces it is by itself.
        var pieces: Int {
            let counts = [
                source.intervals.count, destination.intervals.count, user.intervals.count,
            ]
            return counts.reduce(members.intervals.count) { product, count in
                min(product, mostPieces) * min(count, mostPieces)
            }
        }
    }

    /// Cuts lines of one direction.
    package static func cut(_ lines: [PolicyLine]) throws(TooManyPieces) -> [PieceTable] {
        var cutting = Cutting()
        for (owner, line) in lines.enumerated() { cutting.add(line, owner: owner) }
        return try cutting.tables()
    }

    private mutating func add(_ line: PolicyLine, owner: Int) {
        let protocols: [(IPProtocol?, IntervalSet<UInt16>)] =
            line.services.isAny
            ? [(nil, .full)]
            : line.services.asked.map { ($0.transportProtocol, $0.members) }
        for (transportProtocol, members) in protocols {
            for family in line.families(of: transportProtocol, withEmpty: line.followsNames) {
                var shape = Shape(
                    inputInterfaces: line.inputInterfaces,
                    outputInterfaces: line.outputInterfaces,
                    transportProtocol: transportProtocol,
                    hasMembers: !members.isFull,
                    family: family,
                    hasSource: false,
                    hasDestination: false,
                    hasUser: line.users != nil,
                    until: line.until
                )
                var box = Box(
                    members: members,
                    source: .full,
                    destination: .full,
                    user: line.users ?? .full,
                    owner: owner
                )
                if let family {
                    let every = AddressSet.full[family]
                    if let source = line.source?[family], source != every {
                        (shape.hasSource, box.source) = (true, source)
                    }
                    if let destination = line.destination?[family], destination != every {
                        (shape.hasDestination, box.destination) = (true, destination)
                    }
                }
                groups[shape, default: []].append(box)
                if line.followsNames { keep(shape, box) }
                if let transportProtocol, shape.family == nil, !shape.hasUser, shape.until == nil {
                    let coverage = Coverage(
                        inputInterfaces: line.inputInterfaces,
                        outputInterfaces: line.outputInterfaces,
                        transportProtocol: transportProtocol
                    )
                    covered[coverage] = (covered[coverage] ?? []).union(members)
                }
            }
        }
    }

    /// Addresses of names are single; ports and users may be ranges.
    private mutating func keep(_ shape: Shape, _ box: Box) {
        let isRanged =
            shape.hasMembers && !box.members.intervals.allSatisfy(\.isSingle)
            || shape.hasUser && !box.user.intervals.allSatisfy(\.isSingle)
        let isSingle =
            (!shape.hasMembers || box.members.intervals.contains(where: \.isSingle))
            && (!shape.hasUser || box.user.intervals.contains(where: \.isSingle))
        if isRanged { kept[shape, default: []].insert(.ranges) }
        if isSingle { kept[shape, default: []].insert(.singles) }
    }

    private func tables() throws(TooManyPieces) -> [PieceTable] {
        var result: [PieceTable] = []
        var count = 0
        for shape in groups.keys.sorted() {
            let boxes = (groups[shape] ?? []).compactMap { withoutCovered($0, shape) }
            let kept = kept[shape] ?? []
            for (part, pieces) in try Self.parts(boxes[...]).enumerated() {
                count += pieces.count
                guard count <= Self.mostPieces else { throw TooManyPieces() }
                guard !pieces.isEmpty || !kept.isEmpty else { continue }
                let single = kept.isEmpty ? pieces : pieces.flatMap { $0.withSingleAddresses(shape) }
                result.append(PieceTable(shape: shape, part: part, pieces: single, kept: kept))
            }
        }
        return result
    }

    /// The pieces of all boxes together where these are few, else of the first half and of the second.
    private static func parts(_ boxes: ArraySlice<Box>) throws(TooManyPieces) -> [[Piece]] {
        var size = 0
        for box in boxes {
            size += box.pieces
            guard size <= mostPieces else { throw TooManyPieces() }
        }
        var work = boxes.count > 1 ? mostWork(for: size) : .max
        if let pieces = disjoint(Array(boxes), work: &work) { return [pieces] }
        let middle = boxes.startIndex + boxes.count / 2
        return try parts(boxes[..<middle]) + parts(boxes[middle...])
    }

    /// So much may be done to cut boxes that have so many pieces when nothing of them is cut.
    private static func mostWork(for pieces: Int) -> Int { 8 * pieces + 64 }

    private func withoutCovered(_ box: Box, _ shape: Shape) -> Box? {
        guard shape.family != nil || shape.hasUser || shape.until != nil,
            let transportProtocol = shape.transportProtocol
        else { return box }
        var rest = box
        let unconditional = Coverage(
            inputInterfaces: nil,
            outputInterfaces: nil,
            transportProtocol: transportProtocol
        )
        let sameInterfaces = Coverage(
            inputInterfaces: shape.inputInterfaces,
            outputInterfaces: shape.outputInterfaces,
            transportProtocol: transportProtocol
        )
        for coverage in [unconditional, sameInterfaces] {
            if let members = covered[coverage] { rest.members = rest.members.subtracting(members) }
        }
        return rest.members.isEmpty ? nil : rest
    }

    /// Nil when it is more work than that; what was done is taken from it.
    private static func disjoint(_ boxes: [Box], work: inout Int) -> [Piece]? {
        var pieces: [Piece] = []
        for (members, onMembers) in sweep(boxes, \.members, &work) {
            for (source, onSource) in sweep(onMembers, \.source, &work) {
                for (destination, onDestination) in sweep(onSource, \.destination, &work) {
                    for (user, owners) in sweep(onDestination, \.user, &work) {
                        guard let first = owners.min(by: { $0.owner < $1.owner }) else { continue }
                        let piece = Piece(
                            members: members,
                            source: source,
                            destination: destination,
                            user: user,
                            owner: first.owner
                        )
                        if let whole = pieces.last?.joined(with: piece) {
                            pieces[pieces.count - 1] = whole
                        } else {
                            pieces.append(piece)
                        }
                    }
                    guard work > 0 else { return nil }
                }
            }
        }
        return work > 0 ? pieces : nil
    }

    /// The elementary intervals of one dimension, each with the boxes that hold all of it, as far as the work reaches.
    private static func sweep<Bound>(
        _ boxes: [Box],
        _ dimension: KeyPath<Box, IntervalSet<Bound>>,
        _ work: inout Int
    ) -> [(Interval<Bound>, [Box])] {
        guard work > 0 else { return [] }
        if boxes.count == 1 { return boxes[0][keyPath: dimension].intervals.map { ($0, boxes) } }
        if let first = boxes.first?[keyPath: dimension],
            boxes.allSatisfy({ $0[keyPath: dimension] == first })
        {
            return first.intervals.map { ($0, boxes) }
        }
        var starts: [(at: Bound, end: Bound, box: Int)] = []
        for (index, box) in boxes.enumerated() {
            for interval in box[keyPath: dimension].intervals {
                starts.append((interval.lower, interval.upper, index))
            }
        }
        starts.sort { ($0.at, $0.box) < ($1.at, $1.box) }
        var result: [(Interval<Bound>, [Box])] = []
        var active: [(end: Bound, box: Int)] = []
        var next = 0
        var position: Bound = .min
        while next < starts.count || !active.isEmpty, work > 0 {
            if active.isEmpty { position = starts[next].at }
            while next < starts.count && starts[next].at == position {
                active.append((starts[next].end, starts[next].box))
                next += 1
            }
            var end = active.reduce(Bound.max) { min($0, $1.end) }
            if next < starts.count { end = min(end, starts[next].at - 1) }
            guard let interval = Interval(position, end) else { break }
            result.append((interval, active.map(\.box).sorted().map { boxes[$0] }))
            work -= active.count
            active.removeAll { $0.end <= end }
            if end == .max { break }
            position = end + 1
        }
        return result
    }
}

extension PolicyLine {
    /// The families that must be told apart: nil alone where the line treats both the same. Those that it has no address
    /// of only `withEmpty`.
    package func families(of transportProtocol: IPProtocol?, withEmpty: Bool = false) -> [IPFamily?] {
        let native = transportProtocol?.family
        guard source != nil || destination != nil else { return [nil] }
        return IPFamily.allCases.filter { family in
            guard native == nil || native == family else { return false }
            return withEmpty || source?[family].isEmpty != true && destination?[family].isEmpty != true
        }
    }
}
