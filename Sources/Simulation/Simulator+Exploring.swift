import Netfilter
package import PacketModel

/// What may become of a packet, where something is not known.
package struct Outcomes: Hashable, Sendable {
    /// The way when nothing of what is not known holds.
    package var trace: Trace
    package var fates: Set<Trace.Fate>
    /// What it depends on, by its number.
    package var unknowns: [Int]
    /// What becomes of the packet by the interface that it leaves by, where that is not known and somebody asks.
    package var fatesByInterface: [String: Set<Trace.Fate>] = [:]
    /// It makes a difference whether the packet was sent to an address of this host.
    package var isOpenToOwnAddress = false
    /// What is to be taken for the unknowns so that the packet passes; nil where it never does.
    package var assumptionsOfPassing: [Int: Int]?
    /// All that could be was tried.
    package var isComplete = true
}

extension Simulator {
    /// Ways that are tried at most.
    private static let mostWays = 256

    /// Runs the packet with every answer to what is not known and is asked. What remembers goes on from the way on
    /// which the first answers hold.
    package mutating func explore(_ packet: Packet) -> Outcomes {
        let before = state
        let first = run(packet)
        var outcomes = Outcomes(trace: first, fates: [first.fate], unknowns: [])
        guard !first.unknowns.isEmpty else {
            if first.fate == .accept { outcomes.assumptionsOfPassing = [:] }
            return outcomes
        }
        let after = state
        outcomes.fates = []
        var open: [(assumed: [Int: Int], asked: Int)] = [([:], first.unknowns[0])]
        var ways = 0
        while let (assumed, asked) = open.popLast() {
            if !outcomes.unknowns.contains(asked) { outcomes.unknowns.append(asked) }
            if asked == program.ownAddress { outcomes.isOpenToOwnAddress = true }
            for answer in 0..<choices(asked) {
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
                } else if !trace.isImpossible {
                    note(trace.fate, &outcomes)
                }
            }
        }
        if outcomes.fates.isEmpty { outcomes.fates = [first.fate] }
        (assumptions, state) = ([:], after)
        return outcomes
    }

    private func note(_ fate: Trace.Fate, _ outcomes: inout Outcomes) {
        outcomes.fates.insert(fate)
        if fate == .accept, outcomes.assumptionsOfPassing == nil {
            outcomes.assumptionsOfPassing = assumptions
        }
        guard let way = program.way, let taken = assumptions[way] else { return }
        outcomes.fatesByInterface[program.leavingBy[taken], default: []].insert(fate)
    }
}
