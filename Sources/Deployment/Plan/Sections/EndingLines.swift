import PacketModel
import Policy

/// Lines that end by themselves, and lines whose end is another than it was.
struct EndingLines {
    /// Ends that changed.
    private(set) var changes: [PlanSentence] = []
    /// Ends of lines that were not there before.
    private(set) var notes: [PlanSentence] = []

    private struct Key: Hashable {
        let direction: Direction
        let title: String

        init(_ line: PolicyLine) {
            (direction, title) = (line.direction, line.origin.title)
        }
    }

    init(_ pair: PolicyPair) {
        let old = Dictionary(grouping: pair.old?.lines ?? [], by: Key.init)
        let new = Dictionary(grouping: pair.new.lines, by: Key.init)
        for line in pair.new.lines {
            let place = pair.place(line.origin, .new)
            let title = line.origin.title
            guard let before = old[Key(line)] else {
                if let until = line.until {
                    notes.append(
                        PlanSentence(.note, line.direction, "\(title): ends on \(until)", place: place)
                    )
                }
                continue
            }
            let was = Set(before.map(\.until))
            guard was != Set((new[Key(line)] ?? []).map(\.until)), !was.contains(line.until) else { continue }
            let ends = line.until.map { "ends on \($0) now" } ?? "stays now"
            let ended = was.compactMap(\.self).min().map { "would have ended on \($0)" } ?? "had no end"
            changes.append(
                PlanSentence(.changes, line.direction, "\(title): \(ends), \(ended)", place: place)
            )
        }
    }
}
