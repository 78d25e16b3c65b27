import PacketModel

extension LineTable {
    /// The packets of a box that pass under one policy, in disjoint boxes; nil when the cells are too many.
    func passing(_ box: PacketBox, _ side: Side, mostWork: Int) -> [PacketBox]? {
        var cells: [PacketBox] = []
        let isWhole = eachPassing(box, side, mostWork: mostWork) { cell in
            cells.append(cell)
            return true
        }
        return isWhole ? cells.joined : nil
    }

    /// Whether any packet of a box passes under one policy; true when the cells are too many to say.
    func passesAny(_ box: PacketBox, _ side: Side) -> Bool {
        !eachPassing(box, side, mostWork: Self.mostWorkForOne) { _ in false }
    }

    /// In steps of ``CellWalk``.
    private static let mostWorkForOne = 1_000_000

    /// Returns false when the cells are too many, or when `visit` had enough.
    private func eachPassing(
        _ box: PacketBox,
        _ side: Side,
        mostWork: Int,
        visit: (PacketBox) -> Bool
    ) -> Bool {
        var work = 0
        let places = index.meeting(box, work: &work).filter { entries[$0].sides.contains(side) }
        var walk = CellWalk(places.map { entries[$0].box }, mostWork: mostWork)
        return walk.walk(box) { cell, holding in
            var cell = cell
            cell.remote = RemoteOutcome(cell.remote, holding.lazy.map { entries[places[$0]] }).passing
            return cell.remote.isEmpty || visit(cell)
        }
    }
}
