import PacketModel
import Policy
import Testing

@testable import Deployment

/// A plan says what opens and closes just as the policies judge it.
@Suite struct PlanMeaningTests {
    private static let packets = 300

    @Test(arguments: UInt64(1)...120)
    func `what changes is said, and what is said changes`(seed: UInt64) {
        var random = PlanRandomPolicy(seed: seed)
        let old = random.policy(lines: 8)
        let new = seed % 5 == 0 ? random.policy(lines: 8) : random.changed(old)
        let plan = plan(from: old, to: new)
        for _ in 0..<Self.packets {
            let approach = random.approach()
            let (before, after) = (old.judge(approach), new.judge(approach))
            let said = plan.sentences.filter { $0.covers(approach) }.map(\.kind)
            let opens = said.contains(.opens)
            let closes = said.contains(.closes)
            #expect(opens == (after.passes && !before.passes), "\(approach) \(before) \(after)")
            #expect(closes == (before.passes && !after.passes), "\(approach) \(before) \(after)")
            if plan.changesNothing {
                #expect(Outcome(approach, old) == Outcome(approach, new), "\(approach)")
            } else if Outcome(approach, old).limits != Outcome(approach, new).limits {
                #expect(
                    plan.sentences.contains { $0.covers(approach) && $0.kind == .changes } || opens || closes
                )
            }
        }
    }

    @Test(arguments: UInt64(1)...60)
    func `a policy is the same as itself in another order`(seed: UInt64) {
        var random = PlanRandomPolicy(seed: seed)
        let old = random.policy(lines: 10)
        var new = old
        new.lines.reverse()
        #expect(plan(from: old, to: new).changesNothing)
    }

    @Test(arguments: UInt64(1)...60)
    func `before a first apply all that passes is said`(seed: UInt64) {
        var random = PlanRandomPolicy(seed: seed)
        let policy = random.policy(lines: 8)
        let plan = plan(from: nil, to: policy)
        for _ in 0..<Self.packets {
            let approach = random.approach()
            switch policy.judge(approach) {
            case .admitted, .limited:
                #expect(plan.sentences.contains { $0.kind == .allows && $0.covers(approach) }, "\(approach)")
            case .banned, .denied, .rest:
                #expect(!plan.sentences.contains { $0.covers(approach) }, "\(approach)")
            case .baseline, .dropped, .containers: break
            }
        }
    }

    private func plan(from old: Policy?, to new: Policy) -> ChangePlan {
        ChangePlan(from: old, to: new, listeners: [], connections: [], session: nil)
    }
}

/// A judgement without the lines that it comes from.
private struct Outcome: Equatable {
    var passes: Bool
    var isBanned = false
    var limits: [String] = []

    init(_ approach: Approach, _ policy: Policy) {
        let judgement = policy.judge(approach)
        passes = judgement.passes
        switch judgement {
        case .baseline, .dropped, .containers, .admitted, .rest: break
        case .limited(let origins):
            limits = policy.lines.filter { origins.contains($0.origin) }.compactMap(\.limit)
                .map { String(describing: $0) }.sorted()
        case .banned, .denied:
            isBanned = policy.lines.contains { $0.isBan && $0.contains(approach) }
        }
    }
}
