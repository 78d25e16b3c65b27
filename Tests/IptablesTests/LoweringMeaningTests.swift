import Netfilter
import PacketModel
import Simulation
@testable import Compiler
@testable import Policy
import Synchronization
import Testing

/// The chains say what the lines say, for any lines: inline, in sets, in trees, before and after NAT.
@Suite struct LoweringMeaningTests {
    @Test("random policies mean what their lines say", arguments: 0..<30, [true, false])
    func meaning(seed: Int, usesIpset: Bool) throws {
        var random = RandomPolicies(seed: UInt64(seed) * 7919 + 1)
        let lines = random.lines([3, 20, 90, 200][seed % 4], limited: seed % 3 == 0)
        let spared = seed % 5 == 0 ? AddressSet([random.prefix()].compactMap(\.self)) : nil
        var policy = Policy(
            source: Sample.source,
            lines: lines,
            management: .obligation(Management.Obligation(from: spared))
        )
        if seed % 4 == 1 { policy.baseline.parts.formUnion([.reversePath, .ownAddresses]) }
        let ruleset = try IptablesLowering.lower(policy, family: .ipv4, usesIpset: usesIpset)
        #expect(!usesIpset || lines.count < 50 || !ruleset.sets.isEmpty)
        let buckets = Set(
            ruleset.tables[0].chains.flatMap(\.rules).flatMap(\.conditions).compactMap(\.bucketName)
        )
        var simulator = Simulator(ruleset, family: .ipv4)
        for _ in 0..<150 {
            let packet = random.packet()
            let filled = buckets.filter { _ in random.flip() }
            let asked = Mutex<[String]>([])
            simulator.decides = { predicate in
                guard case .withinRate(let bucket) = predicate, let name = bucket.name else { return true }
                asked.withLock { $0.append(name) }
                return filled.contains(name)
            }
            let passes = simulator.run(packet.packet, at: .input).fate == .accept
            let charged = asked.withLock { $0 }
            let meant = Meaning(lines: lines, spared: spared?.ipv4).verdict(on: packet)
            switch meant {
            case .admitted: #expect(passes, "\(packet)")
            case .refused: #expect(!passes, "\(packet)")
            case .limited(let count):
                #expect(passes == !filled.isDisjoint(with: charged), "\(packet)")
                #expect(Set(charged).count == count, "each matching bucket is asked")
                #expect(charged.count == count, "and asked once")
            }
        }
    }

    @Test("the order of the lines changes nothing but line numbers", arguments: [3, 60], [true, false])
    func order(count: Int, usesIpset: Bool) throws {
        var random = RandomPolicies(seed: 42)
        let lines = random.lines(count, limited: true)
        func texts(_ lines: [PolicyLine]) throws -> [NamelessRuleset] {
            try IPFamily.allCases.map { family in
                let policy = Policy(source: Sample.source, lines: lines)
                return NamelessRuleset(
                    try IptablesLowering.lower(policy, family: family, usesIpset: usesIpset)
                )
            }
        }
        let renumbered = lines.reversed().enumerated().map { index, line in
            var line = line
            line.origin = Sample.origin(1000 + index, line.origin.title)
            return line
        }
        #expect(try texts(lines) == texts(renumbered))
    }

    @Test("ten thousand lines fit in the ways that the kernel takes", arguments: [true, false])
    func depth(usesIpset: Bool) throws {
        let lines = (0..<10_000).map { index in
            Sample.line(
                index + 1,
                .inbound,
                .allow,
                Sample.tcp(UInt16(1000 + index % 5000)),
                from: AddressSet(ipv4: [UInt128(10 << 24 | index * 7)])
            )
        }
        let policy = Policy(source: Sample.source, lines: lines)
        let ruleset = try IptablesLowering.lower(policy, family: .ipv4, usesIpset: usesIpset)
        let rules = ruleset.tables[0].chains.flatMap(\.rules)
        #expect(rules.count < 30_000)
        let longest = ruleset.tables[0].chains.map(\.rules.count).max() ?? 0
        #expect(longest <= 60)
        #expect(ruleset.sets.map(\.count) == (usesIpset ? [10_000] : []))
    }

    @Test("a hundred thousand chains of the longest stem have names of their own that the kernel takes")
    func names() {
        var chains = ChainBook()
        let names = (0..<100_000).map { _ in chains.startNext("WALLWRIGHT-FORWARD-DENY") }
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.utf8.count <= 28 })
    }
}

/// Rulesets without the comments.
private struct NamelessRuleset: Equatable {
    var chains: [[String]] = []
    var sets: [[String]] = []

    init(_ ruleset: Ruleset) {
        for chain in ruleset.tables.flatMap(\.chains) {
            chains.append(
                [chain.name]
                    + chain.rules.map { rule in
                        var rule = rule
                        rule.comment = nil
                        return String(describing: rule)
                    }
            )
        }
        sets = ruleset.sets.map { set in [set.name] + (0..<set.count).map { "\(set.key($0))" } }
    }
}

extension Condition {
    fileprivate var bucketName: String? {
        if case .stateful(.withinRate(let bucket)) = self { bucket.name } else { nil }
    }
}
