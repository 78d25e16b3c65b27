import PacketModel
import Policy

/// What two policies do differently with the remote addresses of one cell.
struct CellComparison {
    private(set) var effects: [(effect: Finding.Effect, remote: AddressSet)] = []
    /// Remote addresses that the same limits hold for in both, with the limited entries that hold there.
    private(set) var alike: [(remote: AddressSet, entries: [Int])] = []

    private let entries: [(place: Int, line: LineTable.Entry)]

    /// `places` are those of the entries that hold in the cell.
    init(_ cell: PacketBox, _ places: [Int], _ table: LineTable) {
        entries = places.map { ($0, table.entries[$0]) }
        let before = RemoteOutcome(cell.remote, entries.lazy.map(\.line).filter { $0.sides.contains(.old) })
        let after = RemoteOutcome(cell.remote, entries.lazy.map(\.line).filter { $0.sides.contains(.new) })
        let (passed, passes) = (before.passing, after.passing)
        add(.opened, passes.without(passed))
        add(.closed, passed.without(passes))
        compareLimits(before, after)
        compareRefusals(cell.remote.without(passed).without(passes))
    }

    private mutating func add(_ effect: Finding.Effect, _ remote: AddressSet) {
        if !remote.isEmpty { effects.append((effect, remote)) }
    }

    private mutating func compareLimits(_ before: RemoteOutcome, _ after: RemoteOutcome) {
        let limited = entries.filter(\.line.role.isLimited)
        guard !limited.isEmpty else { return }
        for (wasLimited, isLimited) in [(false, true), (true, false), (true, true)] {
            let region = (wasLimited ? before.limited : before.unlimited)
                .clipped(to: isLimited ? after.limited : after.unlimited)
            guard !region.isEmpty else { continue }
            for (part, members) in Partition.cut(region, by: limited.map(\.line.box.remote)) {
                let holding = members.map { limited[$0] }
                let from = wasLimited ? Self.limits(holding, .old) : []
                let to = isLimited ? Self.limits(holding, .new) : []
                if from != to {
                    add(.limited(from: from, to: to), part)
                } else {
                    alike.append((part, holding.map(\.place)))
                }
            }
        }
    }

    private static func limits(
        _ entries: [(place: Int, line: LineTable.Entry)],
        _ side: LineTable.Side
    ) -> [Limit] {
        entries.filter { $0.line.sides.contains(side) }.compactMap(\.line.role.limit)
            .sorted { String(describing: $0) < String(describing: $1) }
    }

    /// How packets are turned away that pass in neither.
    private mutating func compareRefusals(_ shut: AddressSet) {
        let denying = entries.filter { $0.line.role.refusal != nil || $0.line.role == .spared }
        guard !shut.isEmpty, denying.contains(where: { $0.line.sides.count == 1 }) else { return }
        for (part, members) in Partition.cut(shut, by: denying.map(\.line.box.remote)) {
            let holding = members.map { denying[$0].line }
            let (from, to) = (Self.refusals(holding, .old), Self.refusals(holding, .new))
            if from != to { add(.refused(from: from, to: to), part) }
        }
    }

    private static func refusals(
        _ lines: [LineTable.Entry],
        _ side: LineTable.Side
    ) -> Set<EffectiveLine.Refusal> {
        let holding = lines.filter { $0.sides.contains(side) }
        let isSpared = holding.contains { $0.role == .spared }
        return Set(holding.compactMap(\.role.refusal).filter { !($0.isBan && isSpared) })
    }
}
