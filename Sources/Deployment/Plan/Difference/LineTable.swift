import PacketModel
import Policy

/// The lines of one direction of two policies, those that differ only in their remote addresses as one entry.
struct LineTable: Sendable {
    /// One of the two policies; the old one is empty before the first apply.
    enum Side: CaseIterable, Sendable {
        case old
        case new
    }

    /// Lines that say the same of the same remote addresses.
    struct Entry: Sendable {
        var role: EffectiveLine.Role
        var box: PacketBox
        var sides: Set<Side>
        /// What it was merged from, in the order of the file.
        var parts: [Part]
    }

    struct Part: Sendable {
        var remote: AddressSet
        var cause: EffectiveLine.Cause
    }

    let direction: Direction
    private(set) var entries: [Entry] = []
    /// What is only in one of the policies: each packet that they treat differently is in one of these.
    private(set) var candidates: [Candidate] = []
    private(set) var index = BoxIndex([])

    init(_ direction: Direction, old: [EffectiveLine], new: [EffectiveLine]) {
        self.direction = direction
        let (old, new) = (Self.merged(old), Self.merged(new))
        let frames = new.order + old.order.filter { new.entries[$0] == nil }
        for frame in frames {
            switch (old.entries[frame], new.entries[frame]) {
            case (let before?, var after?) where before.box.remote == after.box.remote:
                after.sides = [.old, .new]
                entries.append(after)
            case (let before, let after):
                add(before, without: after, side: .old)
                add(after, without: before, side: .new)
            }
        }
        candidates.sort { $0.precedes($1) }
        index = BoxIndex(entries.map(\.box))
    }

    private mutating func add(_ entry: Entry?, without other: Entry?, side: Side) {
        guard var entry else { return }
        entry.sides = [side]
        entries.append(entry)
        var box = entry.box
        if let other { box.remote = box.remote.without(other.box.remote) }
        guard !box.isEmpty else { return }
        let place = entries.count - 1
        candidates.append(
            Candidate(entry: place, role: entry.role, box: box, side: side, parts: entry.parts)
        )
    }

    /// What lines have in common that are merged: all but remote addresses. Each limit has a bucket of its own.
    private struct Frame: Hashable {
        var role: EffectiveLine.Role
        var box: PacketBox

        init(_ line: EffectiveLine) {
            (role, box) = (line.role, line.box)
            if !role.isLimited { box.remote = AddressSet() }
        }
    }

    private static func merged(_ lines: [EffectiveLine]) -> (order: [Frame], entries: [Frame: Entry]) {
        var order: [Frame] = []
        var entries: [Frame: Entry] = [:]
        for line in lines {
            let frame = Frame(line)
            let part = Part(remote: line.box.remote, cause: line.cause)
            if entries[frame] == nil {
                order.append(frame)
                entries[frame] = Entry(role: line.role, box: line.box, sides: [], parts: [part])
            } else {
                entries[frame]?.parts.append(part)
            }
        }
        for (frame, entry) in entries where entry.parts.count > 1 {
            entries[frame]?.box.remote = .union(of: entry.parts.map(\.remote))
        }
        return (order, entries)
    }
}
