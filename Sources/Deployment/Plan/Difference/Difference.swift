import PacketModel
import Policy

/// What two policies do differently with the packets of one direction, by their meaning.
///
/// A packet that they treat differently is in a line that only one of them has. So only such lines are looked at,
/// each against the lines that meet it; what an earlier one told is not told again.
struct Difference {
    private(set) var findings: [Finding] = []
    private let table: LineTable
    private let candidates: BoxIndex
    private var buckets = BucketComparison()
    /// Candidates whose cells were too many.
    private var coarse: Set<Int> = []
    /// In steps of ``CellWalk``.
    private var work = 0

    /// What is beyond is told in the large.
    private static let mostWork = 4_000_000
    private static let mostWorkEach = 250_000

    init(_ table: LineTable) {
        self.table = table
        candidates = BoxIndex(table.candidates.map(\.box))
        for number in table.candidates.indices { look(at: number) }
        findings += buckets.recounted(table).map { number, isShared, cells in
            Finding(
                candidate: table.candidates[number],
                effect: .recounted(isShared: isShared),
                cells: cells.joined
            )
        }
    }

    private mutating func look(at number: Int) {
        let candidate = table.candidates[number]
        guard work < Self.mostWork else {
            giveUp(number)
            return
        }
        let places = table.index.meeting(candidate.box, work: &work)
        let told = candidates.meeting(candidate.box, work: &work).filter { $0 < number }
        let most = min(Self.mostWorkEach + 2 * candidate.box.remote.intervalCount, Self.mostWork - work)
        var walk = CellWalk(
            places.map { table.entries[$0].box } + told.map { table.candidates[$0].box },
            mostWork: most
        )
        var found = CellsByEffect()
        let isWhole = walk.walk(candidate.box) { cell, holding in
            let comparison = CellComparison(
                cell,
                holding.filter { $0 < places.count }.map { places[$0] },
                table
            )
            let earlier = holding.filter { $0 >= places.count }.map { told[$0 - places.count] }
            for (effect, remote) in comparison.effects where candidate.tells(effect) {
                found.add(effect, cell, remote.without(self.told(effect, by: earlier)))
            }
            for (remote, entries) in comparison.alike {
                var part = cell
                part.remote = remote
                self.buckets.note(part, entries, table)
            }
            return true
        }
        work += walk.work
        guard isWhole else {
            giveUp(number)
            return
        }
        findings += found.order.map { effect in
            Finding(candidate: candidate, effect: effect, cells: (found.cells[effect] ?? []).joined)
        }
    }

    /// Says only what the candidate may do by its nature.
    private mutating func giveUp(_ number: Int) {
        coarse.insert(number)
        let candidate = table.candidates[number]
        findings.append(
            Finding(
                candidate: candidate,
                effect: candidate.opens ? .opened : .closed,
                cells: [candidate.box],
                isCoarse: true
            )
        )
    }

    /// The remote addresses for which earlier candidates told of an effect.
    private func told(_ effect: Finding.Effect, by earlier: [Int]) -> AddressSet {
        let telling = earlier.filter { number in
            table.candidates[number].tells(effect) && (!coarse.contains(number) || effect.isOpenedOrClosed)
        }
        return .union(of: telling.map { table.candidates[$0].box.remote })
    }
}

extension Candidate {
    /// What opens is told of lines that open, and there always is one; the same for what closes.
    fileprivate func tells(_ effect: Finding.Effect) -> Bool {
        switch effect {
        case .opened: opens
        case .closed: !opens
        case .limited, .recounted: true
        case .refused: role.refusal != nil
        }
    }
}

/// Cells in the order in which their effects were found.
private struct CellsByEffect {
    private(set) var order: [Finding.Effect] = []
    private(set) var cells: [Finding.Effect: [PacketBox]] = [:]

    mutating func add(_ effect: Finding.Effect, _ cell: PacketBox, _ remote: AddressSet) {
        guard !remote.isEmpty else { return }
        if cells[effect] == nil { order.append(effect) }
        var part = cell
        part.remote = remote
        part.local = part.local.inFamilies(of: remote)
        cells[effect, default: []].append(part)
    }
}
