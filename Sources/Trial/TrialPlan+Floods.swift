import Kernel
import PacketModel
import Policy

/// More packets than a bucket holds.
struct Flood: Sendable {
    var origin: Origin
    var approach: Approach
    var attempts: Int
    var limit: Limit
}

extension TrialPlan {
    mutating func addFlood(_ witness: Witness, attempts: Int) {
        // A bucket is full once: services that share it are tried by the first of them.
        let title = Self.title(witness.origin)
        let family = witness.approach.family
        let isTried = floods.values.contains { $0.origin == witness.origin && $0.approach.family == family }
        guard !isTried, let line = policy.lines.first(where: { $0.origin == witness.origin }),
            let limit = line.limit
        else { return }
        let place = cases.endIndex
        let probes = (0..<attempts).map { _ in probe(of: witness.approach) }
        add(
            TrialCase(
                title: title,
                sent: "\(attempts) x \(witness.approach.text)",
                family: family,
                probes: probes,
                expectation: .passing(0...attempts),
                isAlone: true,
                refill: Double(limit.rate.count) / Double(limit.rate.unit.seconds)
            )
        )
        guard cases.endIndex > place else { return }
        floods[place] = Flood(
            origin: witness.origin,
            approach: witness.approach,
            attempts: attempts,
            limit: limit
        )
        guard case .source(let length) = limit.key, line.direction == .inbound,
            let other = otherSource(than: witness.approach, in: line, length)
        else { return }
        add(title, other.text + "  (other source)", other)
    }

    /// Says how much each flood finds in its bucket, after what the other packets have taken.
    mutating func settleFloods() {
        for (place, flood) in floods {
            let taken = buckets.taken(flood.origin, flood.approach)
            let left = min(flood.attempts, max(0, Int(flood.limit.burst) - taken))
            // What was taken may have come again.
            let most = min(flood.attempts, Int(flood.limit.burst))
            cases[place].expectation = .passing(left...most)
        }
    }

    /// A source that the line admits too and that has a bucket of its own.
    private func otherSource(than approach: Approach, in line: PolicyLine, _ length: Int) -> Approach? {
        let shift = UInt128(approach.family == .ipv6 ? 128 - length : 0)
        let others = scene[approach.family].strangers.map { stranger in
            var other = approach
            other.source = stranger
            return other
        }
        return others.first { other in
            guard other.source.value >> shift != approach.source.value >> shift else { return false }
            if case .limited(let origins) = meaning.judge(other) { return origins == [line.origin] }
            return false
        }
    }
}
