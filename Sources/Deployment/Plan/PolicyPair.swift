import Compiler
import PacketModel
import Policy

/// The policy that is live now and the one that is to follow, in terms that both share.
struct PolicyPair: Sendable {
    /// Nil before the first apply.
    let old: Policy?
    let new: Policy
    let classes: InterfaceClasses
    /// Classes of interfaces by which packets come from outside or go there.
    let outside: IntervalSet<UInt64>
    private let inbound: Section
    private let outbound: Section
    private let forward: Section

    /// What is known of one direction.
    private struct Section: Sendable {
        var table: LineTable
        var words: BoxWords
    }

    init(from old: Policy?, to new: Policy) {
        self.old = old
        self.new = new
        let classes = InterfaceClasses(new.interfacePatterns + (old?.interfacePatterns ?? []))
        let bridges = new.containers?.bridges ?? old?.containers?.bridges ?? []
        let interfaces = InterfaceWords(classes, bridges: bridges)
        let common = new.baseline.parts.intersection(old?.baseline.parts ?? new.baseline.parts)
        func section(_ direction: Direction) -> Section {
            let table = LineTable(
                direction,
                old: old.map { EffectiveLine.all(of: $0, direction, classes) } ?? [],
                new: EffectiveLine.all(of: new, direction, classes)
            )
            return Section(table: table, words: BoxWords(direction, interfaces, Baseline(parts: common)))
        }
        inbound = section(.inbound)
        outbound = section(.outbound)
        forward = section(.forward)
        outside = classes.all.subtracting(interfaces.loopback)
        self.classes = classes
    }

    func table(_ direction: Direction) -> LineTable { section(direction).table }

    func words(_ direction: Direction) -> BoxWords { section(direction).words }

    private func section(_ direction: Direction) -> Section {
        switch direction {
        case .inbound: inbound
        case .outbound: outbound
        case .forward: forward
        }
    }

    /// The lines that something comes from.
    func place(_ causes: [EffectiveLine.Cause], _ side: LineTable.Side) -> PlanPlace? {
        place(origins: causes.compactMap(\.origin), side)
    }

    func place(origins: [Origin], _ side: LineTable.Side) -> PlanPlace? {
        let policy = side == .new ? new : old
        guard let policy, let first = origins.first else { return nil }
        let others = Set(origins.map(\.line)).count - 1
        return PlanPlace(
            file: policy.fileName,
            line: first.line,
            others: others,
            isLive: side == .old
        )
    }

    func place(_ origin: Origin?, _ side: LineTable.Side) -> PlanPlace? {
        place(origins: origin.map { [$0] } ?? [], side)
    }

    /// How many lines of the new policy the old one has too, word for word or in other words.
    var unchangedLines: Int {
        let known = Set(old?.lines.map { Content($0, classes) } ?? [])
        return new.lines.count { known.contains(Content($0, classes)) }
    }

    private struct Content: Hashable {
        var direction: Direction
        var role: EffectiveLine.Role
        var box: PacketBox

        init(_ line: PolicyLine, _ classes: InterfaceClasses) {
            direction = line.direction
            role = EffectiveLine.role(of: line)
            box = PacketBox(line, classes)
        }
    }
}
