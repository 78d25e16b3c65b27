import PacketModel

/// Goes through the cells of a box: the parts that lines do not tell apart, remote addresses left aside.
struct CellWalk {
    /// The boxes that cut.
    let boxes: [PacketBox]
    /// Grows with the cells that were seen, and with the size of their sets.
    private(set) var work = 0
    /// Beyond this the walk is given up.
    private let mostWork: Int

    /// So many intervals cost what one box in a cell does.
    private static let intervalsPerStep = 8

    init(_ boxes: [PacketBox], mostWork: Int) {
        self.boxes = boxes
        self.mostWork = mostWork
    }

    /// Gives each cell to `visit`, with the places of the boxes that hold it; `visit` says whether to go on.
    ///
    /// Returns false when there were too many cells, or when `visit` had enough.
    mutating func walk(_ box: PacketBox, visit: (PacketBox, [Int]) -> Bool) -> Bool {
        walk(box, Array(boxes.indices), PacketBox.Axis.allCases[...], visit: visit)
    }

    private mutating func walk(
        _ cell: PacketBox,
        _ active: [Int],
        _ axes: ArraySlice<PacketBox.Axis>,
        visit: (PacketBox, [Int]) -> Bool
    ) -> Bool {
        // Most lines ask nothing along most axes.
        let axes = axes.drop { axis in active.allSatisfy { boxes[$0][axis] == cell[axis] } }
        work += 1 + active.count
        guard work <= mostWork else { return false }
        guard let axis = axes.first else { return walkLocal(cell, active, visit: visit) }
        for (part, members) in Partition.cut(cell[axis], by: active.map { boxes[$0][axis] }) {
            var inner = cell
            inner[axis] = part
            guard walk(inner, members.map { active[$0] }, axes.dropFirst(), visit: visit) else {
                return false
            }
        }
        return true
    }

    private mutating func walkLocal(
        _ cell: PacketBox,
        _ active: [Int],
        visit: (PacketBox, [Int]) -> Bool
    ) -> Bool {
        for (part, members) in Partition.cut(cell.local, by: active.map { boxes[$0].local }) {
            var inner = cell
            inner.local = part
            inner.remote = cell.remote.inFamilies(of: part)
            work += cost(inner.remote, members.map { active[$0] }) / Self.intervalsPerStep
            guard work <= mostWork else { return false }
            guard inner.remote.isEmpty || visit(inner, members.map { active[$0] }) else { return false }
        }
        return true
    }

    /// In intervals: of two sets the smaller one decides.
    private func cost(_ remote: AddressSet, _ holding: [Int]) -> Int {
        let mine = remote.intervalCount
        return holding.reduce(mine) { $0 + min(boxes[$1].remote.intervalCount, mine) }
    }
}
