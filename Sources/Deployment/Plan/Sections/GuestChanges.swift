import PacketModel
import Policy

/// Parts of `containers:` that are turned on or off, a sentence for each.
struct GuestChanges {
    private struct Key: Hashable {
        var part: Containers.Part?
        var opens: Bool
    }

    /// In steps of ``CellWalk``.
    private static let mostWork = 250_000

    private var order: [Key] = []
    private var coverage: [Key: PlanCoverage] = [:]
    /// Lines decide over some of it.
    private var partly: Set<Key> = []

    mutating func add(
        _ part: Containers.Part?,
        _ finding: Finding,
        _ direction: Direction,
        _ pair: PolicyPair
    ) {
        let key = Key(part: part, opens: finding.effect == .opened)
        if !isWhole(finding, direction, pair) { partly.insert(key) }
        if let known = coverage[key] {
            coverage[key] = PlanCoverage(direction, finding.cells, and: known)
        } else {
            order.append(key)
            coverage[key] = PlanCoverage(direction, finding.cells, pair.classes)
        }
    }

    /// All of it passes in one policy, and none of it in the other.
    private func isWhole(_ finding: Finding, _ direction: Direction, _ pair: PolicyPair) -> Bool {
        let (words, table, box) = (pair.words(direction), pair.table(direction), finding.candidate.box)
        let passes: LineTable.Side = finding.effect == .opened ? .new : .old
        let isShut: LineTable.Side = finding.effect == .opened ? .old : .new
        let cells = table.passing(box, passes, mostWork: Self.mostWork) ?? []
        return words.isWhole(cells, of: box) && !table.passesAny(words.beyondBaseline(box), isShut)
    }

    func sentences(_ pair: PolicyPair) -> [PlanSentence] {
        order.map { key in
            let side: LineTable.Side = key.opens ? .new : .old
            let policy = key.opens ? pair.new : pair.old
            return PlanSentence(
                key.opens ? .opens : .closes,
                nil,
                Self.text(key.part, passes: key.opens)
                    + (partly.contains(key) ? ", except where lines decide" : ""),
                place: pair.place(policy?.containers?.origin, side),
                coverage: coverage[key]
            )
        }
    }

    /// Whether only one of the policies has the part; else it is about bridges.
    static func isTurned(_ part: Containers.Part?, _ pair: PolicyPair) -> Bool {
        func has(_ policy: Policy?) -> Bool {
            guard let containers = policy?.containers else { return false }
            return part.map(containers.parts.contains) ?? containers.allowsOutbound
        }
        return has(pair.old) != has(pair.new)
    }

    /// What a part does, or no longer does.
    static func text(_ part: Containers.Part?, passes: Bool) -> String {
        let longer = passes ? "" : " no longer"
        return switch part {
        case nil: "containers may\(longer) start connections to everywhere but other bridges"
        case .sameBridge: "containers of one bridge may\(longer) reach each other"
        case .hostToBridge: "this host may\(longer) start connections to its containers"
        case .guestServices: "containers may\(longer) ask this host for DHCP and DNS"
        }
    }
}
