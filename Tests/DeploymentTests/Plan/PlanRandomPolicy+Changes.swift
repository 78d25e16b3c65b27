import PacketModel
import Policy

extension PlanRandomPolicy {
    /// The policy with a few changes, of which some mean nothing.
    mutating func changed(_ policy: Policy) -> Policy {
        var policy = policy
        for _ in 0..<pick([1, 1, 2, 4]) { change(&policy) }
        if chance(2) { policy.lines.shuffle(using: &generator) }
        return policy
    }

    private mutating func change(_ policy: inout Policy) {
        let place = policy.lines.isEmpty ? 0 : pick(Array(policy.lines.indices))
        switch pick(Array(0..<10)) {
        case 0: policy.lines.append(line())
        case 1 where !policy.lines.isEmpty: policy.lines.remove(at: place)
        case 2 where !policy.lines.isEmpty: policy.lines[place].source = maybe { $0.addresses() }
        case 3 where !policy.lines.isEmpty:
            policy.lines += split(&policy.lines[place], origin())
        case 4 where !policy.lines.isEmpty:
            if policy.lines[place].action == .allow { policy.lines[place].limit = limit() }
        case 5 where !policy.lines.isEmpty: policy.lines[place].services = services()
        case 6: policy.containers = chance(2) ? containers() : nil
        case 7: policy.management = .obligation(Management.Obligation(from: maybe { $0.addresses() }))
        case 8: policy.baseline.parts.formSymmetricDifference([pick(Baseline.Part.allCases)])
        default: break
        }
    }

    /// Halves a line by its services; the other half is returned.
    private mutating func split(_ line: inout PolicyLine, _ origin: Origin) -> [PolicyLine] {
        let half = services()
        var other = line
        other.origin = origin
        (line.services, other.services) = (
            line.services.subtracting(half), line.services.subtracting(line.services.subtracting(half))
        )
        return [other]
    }
}
