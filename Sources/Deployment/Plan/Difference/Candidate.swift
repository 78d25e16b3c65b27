import PacketModel
import Policy

/// A box where the two policies may differ, because only one of them has a line there.
struct Candidate: Sendable {
    /// Its place among the entries of the table.
    var entry: Int
    var role: EffectiveLine.Role
    var box: PacketBox
    /// The policy that has it.
    var side: LineTable.Side
    /// The lines that it comes from, in the order of the file; some may have no part in the box.
    var parts: [LineTable.Part]

    /// Packets may pass that did not, because of it; else packets may be shut out.
    var opens: Bool { role.opens == (side == .new) }

    /// The lines of the policy come first, those of the new one before those of the old.
    func precedes(_ other: Candidate) -> Bool {
        rank.lexicographicallyPrecedes(other.rank)
    }

    private var rank: [Int] {
        let isNew = side == .new ? 0 : 1
        return switch parts.first?.cause {
        case .line(let origin), .published(let origin): [0, isNew, origin.line, entry]
        case .containers(let origin): [1, isNew, origin.line, entry]
        case .management: [2, isNew, entry]
        case .baseline: [3, isNew, entry]
        case nil: [4, entry]
        }
    }

    /// The lines that have a part in these packets.
    func causes(in cells: [PacketBox]) -> [EffectiveLine.Cause] {
        guard parts.count > 1 else { return parts.map(\.cause) }
        let concerned = AddressSet.union(of: cells.map(\.remote))
        return parts.filter { $0.remote.meets(concerned) }.map(\.cause)
    }
}
