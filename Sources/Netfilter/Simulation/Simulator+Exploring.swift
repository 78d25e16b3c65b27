package import PacketModel

/// What may become of a packet, where something is not known.
package struct Outcomes: Hashable, Sendable {
    /// The way when nothing of what is not known holds.
    package var trace: Trace
    package var fates: Set<Trace.Fate>
    /// What it depends on, by its number.
    package var unknowns: [Int]
    /// All that could be was tried.
    package var isComplete = true
}

extension Simulator {
    /// Ways that are tried at most.
    private static let mostWays = 64

    /// Runs the packet with every answer to what is not known and is asked. What remembers goes on from the way on
    /// which nothing unknown holds.
    package mutating func explore(_ packet: Packet) -> Outcomes {
        let before = state
        let first = run(packet)
        var outcomes = Outcomes(trace: first, fates: [first.fate], unknowns: [])
        guard !first.unknowns.isEmpty else { return outcomes }
        let after = state
        var open: [(assumed: [Int: Bool], asked: Int)] = [([:], first.unknowns[0])]
        var ways = 0
        while let (assumed, asked) = open.popLast() {
            if !outcomes.unknowns.contains(asked) { outcomes.unknowns.append(asked) }
            for answer in [false, true] {
                guard ways < Self.mostWays else {
                    outcomes.isComplete = false
                    break
                }
                ways += 1
                state = before
                assumptions = assumed
                assumptions[asked] = answer
                let trace = run(packet)
                if let next = trace.unknowns.first {
                    open.append((assumptions, next))
                } else {
                    outcomes.fates.insert(trace.fate)
                }
            }
        }
        (assumptions, state) = ([:], after)
        return outcomes
    }
}
