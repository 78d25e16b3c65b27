package import Policy

/// Packets that a sentence is about.
package struct PlanCoverage: Sendable {
    /// Two policies, where it takes both to say which packets of the boxes are meant.
    struct Judges: Sendable {
        var old: Policy
        var new: Policy
        /// Those that the new one lets pass and the old one did not; else the other way round.
        var opens: Bool
    }

    private let classes: InterfaceClasses
    private var boxes: [Direction: [PacketBox]]
    private var judges: Judges?

    init(_ direction: Direction, _ boxes: [PacketBox], _ classes: InterfaceClasses, judges: Judges? = nil) {
        self.classes = classes
        self.boxes = [direction: boxes]
        self.judges = judges
    }

    /// The packets of several coverages; those of judges must not be among them.
    init(_ direction: Direction, _ boxes: [PacketBox], and other: PlanCoverage) {
        classes = other.classes
        self.boxes = other.boxes.merging([direction: boxes]) { $0 + $1 }
    }

    package func contains(_ approach: Approach) -> Bool {
        guard boxes[approach.direction]?.contains(where: { $0.contains(approach, classes) }) == true else {
            return false
        }
        guard let judges else { return true }
        return judges.old.judge(approach).passes == !judges.opens
            && judges.new.judge(approach).passes == judges.opens
    }
}
