package import PacketModel

/// Runs packets through the filter chains of a ruleset, as the kernel does (nft_do_chain, ipt_do_table).
///
/// NAT chains are not run: a packet comes as the filter sees it. Logging and counting leave no trace but the path.
package struct Evaluator: Sendable {
    /// What a packet met on its way.
    package struct Trace: Hashable, Sendable {
        package struct Step: Hashable, Sendable {
            package let chain: String
            /// From 1; nil for the policy of a base chain.
            package let rule: Int?
        }

        package fileprivate(set) var verdict: Verdict
        package fileprivate(set) var path: [Step] = []
        /// The buckets that lost a token, by name, in order.
        package fileprivate(set) var charged: [String] = []
    }

    private let table: Table
    private let chainsByName: [String: Chain]
    private let setsByName: [String: SetIndex]

    /// Jumps nest no deeper in the kernel (NFT_JUMP_STACK_SIZE, net/netfilter/nf_tables.h).
    private static let deepestJump = 16

    package init(_ table: Table, sets: [NamedSet] = []) {
        self.table = table
        chainsByName = Dictionary(table.chains.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        setsByName = Dictionary(
            (table.sets + sets).map { ($0.name, SetIndex($0)) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The verdict of the table's filter chain at a hook; `accept` where there is none.
    ///
    /// `isWithinRate` says whether a bucket has a token left.
    package func trace(
        _ packet: Packet,
        at point: Chain.Hook.Point,
        isWithinRate: @escaping (TokenBucket) -> Bool = { _ in true }
    ) -> Trace {
        guard let base = table.chains.first(where: { $0.hook?.kind == .filter && $0.hook?.point == point }),
            let hook = base.hook
        else { return Trace(verdict: .accept) }
        var run = Run(evaluator: self, packet: packet, isWithinRate: isWithinRate)
        if let verdict = run.follow(base, depth: 0) {
            run.trace.verdict = verdict
        } else {
            run.trace.verdict = hook.policy == .drop ? Verdict.drop : Verdict.accept
            run.trace.path.append(Trace.Step(chain: base.name, rule: nil))
        }
        return run.trace
    }

    /// One packet on its way.
    private struct Run {
        let evaluator: Evaluator
        let packet: Packet
        let isWithinRate: (TokenBucket) -> Bool
        var trace = Trace(verdict: .accept)

        /// Nil when the packet comes back from the chain undecided.
        mutating func follow(_ chain: Chain, depth: Int) -> Verdict? {
            guard depth <= Evaluator.deepestJump else { return .drop }
            for (index, rule) in chain.rules.enumerated() {
                guard rule.conditions.allSatisfy({ holds($0) }) else { continue }
                guard var verdict = rule.verdict else { continue }
                if case .lookup(let fields, let map) = verdict {
                    guard let found = evaluator.setsByName[map]?.find(key(fields), packet.family)?.verdict
                    else { continue }
                    verdict = found
                } else if case .choice(let field, let choices) = verdict {
                    guard let found = choices.first(where: { $0.value == packet[field] }) else { continue }
                    verdict = found.verdict
                }
                trace.path.append(Trace.Step(chain: chain.name, rule: index + 1))
                switch verdict {
                case .return: return nil
                case .jump(let name):
                    if let inner = evaluator.chainsByName[name], let end = follow(inner, depth: depth + 1) {
                        return end
                    }
                case .goto(let name):
                    return evaluator.chainsByName[name].flatMap { follow($0, depth: depth + 1) }
                case .accept, .drop, .reject, .masquerade, .redirect, .destinationNAT, .lookup, .choice:
                    return verdict
                }
            }
            return nil
        }

        /// A field that the packet has not makes a condition fail, negated or not (NFT_BREAK).
        private mutating func holds(_ condition: Condition, negated: Bool = false) -> Bool {
            switch condition {
            case .field(let field, let values):
                guard let value = packet[field] else { return false }
                return values.contains(value) != negated
            case .bits(let field, let mask, let expected):
                guard let value = packet[field] else { return false }
                return (value & mask == expected) != negated
            case .interface(let field, let patterns):
                guard let name = packet.interface(field) else { return false }
                return patterns.contains { $0.matches(name) } != negated
            case .member(let fields, let name):
                guard let set = evaluator.setsByName[name], set.family == nil || set.family == packet.family,
                    let key = key(fields)
                else { return false }
                return (set.find(key, packet.family) != nil) != negated
            case .stateful(.withinRate(let bucket)):
                if let family = bucket.name.flatMap({ evaluator.setsByName[$0]?.family }),
                    family != packet.family
                {
                    return false
                }
                let isWithin = isWithinRate(bucket)
                if let name = bucket.name, isWithin { trace.charged.append(name) }
                return isWithin != negated
            case .not(let condition):
                return holds(condition, negated: !negated)
            }
        }

        private func key(_ fields: [Field]) -> [UInt128]? {
            var key: [UInt128] = []
            for field in fields {
                guard let value = packet[field] else { return nil }
                key.append(value)
            }
            return key
        }
    }
}

/// The elements of a set, found by a scan of those with the same first value where it is single.
private struct SetIndex: Sendable {
    let family: IPFamily?
    private let set: NamedSet
    private var byFirst: [UInt128: [Int]] = [:]
    private var ranges: [Int] = []

    init(_ set: NamedSet) {
        self.set = set
        family = set.family
        for index in 0..<set.count {
            guard let first = set.key(index).first else { continue }
            if first.isSingle && set.prefixLength == nil {
                byFirst[first.lower, default: []].append(index)
            } else {
                ranges.append(index)
            }
        }
    }

    func find(_ key: [UInt128]?, _ packetFamily: IPFamily) -> NamedSet.Attributes? {
        guard let key, let first = key.first else { return nil }
        let candidates = (byFirst[first] ?? []) + ranges
        return candidates.first { matches($0, key, packetFamily) }.map(set.attributes)
    }

    private func matches(_ index: Int, _ key: [UInt128], _ packetFamily: IPFamily) -> Bool {
        zip(zip(set.fields, set.key(index)), key).allSatisfy { element, value in
            let (field, interval) = element
            guard let length = set.prefixLength, field == .source || field == .destination else {
                return interval.contains(value)
            }
            let hostBits = UInt128(packetFamily.addressWidth - length)
            return interval.lower >> hostBits == value >> hostBits
        }
    }
}
