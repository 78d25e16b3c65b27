import Diagnostics
import Iptables
import Netfilter
import PacketModel
import Simulation
import TestSupport
import Testing

/// An answer is true whatever the unknown is: held against every rule that could stand in its place.
@Suite struct UnknownVerdictTests {
    private static let replacements: [(ending: UnknownAction.Ending, verdict: Verdict?)] = [
        (.next, nil), (.accept, .accept), (.drop, .drop), (.return, .return),
    ]

    @Test(arguments: UInt64(1)...60)
    func `what may become of a packet is what becomes of it with every replacement`(seed: UInt64) throws {
        var random = RandomRules(seed: seed, .ipv4)
        let ruleset = try Self.ruleset(random.file())
        let packets = random.packets(40)
        var places = Self.places(ruleset)
        var generator = SplitMix64(state: seed)
        places.shuffle(using: &generator)
        let chosen = Array(places.prefix(Int.random(in: 1...3, using: &generator)))
        try #require(!chosen.isEmpty)
        var open = ruleset
        for place in chosen {
            open[place].verdict = .unknown(
                UnknownAction("?", endings: Self.replacements.map(\.ending))
            )
        }
        var simulator = Self.simulator(open)
        var closed = Self.combinations(chosen.count).map { choice in
            var replaced = ruleset
            for (place, answer) in zip(chosen, choice) {
                replaced[place].verdict = Self.replacements[answer].verdict
            }
            return Self.simulator(replaced)
        }
        for packet in packets {
            let outcomes = simulator.explore(packet.model)
            var fates: Set<Trace.Fate> = []
            for place in closed.indices { fates.formUnion(closed[place].explore(packet.model).fates) }
            #expect(
                outcomes.isComplete && outcomes.fates == fates,
                "\(packet): \(outcomes.fates), not \(fates)"
            )
        }
    }

    /// The marks that an unknown target may set are those that rules ask for afterwards.
    @Test(arguments: UInt64(1)...40)
    func `what an unknown target may write is asked for with every value`(seed: UInt64) throws {
        var random = RandomRules(seed: seed, .ipv4)
        let ruleset = try Self.ruleset(random.file())
        let packets = random.packets(20)
        let places = Self.places(ruleset)
        var generator = SplitMix64(state: seed)
        guard let place = places.randomElement(using: &generator) else { return }
        var open = ruleset
        open[place].verdict = .unknown(
            UnknownAction("?", endings: [.next], writes: [.mark, .connectionMark])
        )
        var simulator = Self.simulator(open)
        for mark in UInt128(0)...3 {
            var replaced = ruleset
            replaced[place].verdict = nil
            replaced[place].statements = [
                .alter(.mark, mask: 0xFFFF_FFFF, bits: mark),
                .alter(.connectionMark, mask: 0xFFFF_FFFF, bits: 3 - mark),
            ]
            var closed = Self.simulator(replaced)
            for packet in packets {
                let outcomes = simulator.explore(packet.model)
                let fates = closed.explore(packet.model).fates
                #expect(!outcomes.isComplete || fates.isSubset(of: outcomes.fates), "\(packet), mark \(mark)")
            }
        }
    }

    // MARK: What else is not there

    @Test func `a chain that is not there may do anything`() {
        for verdict in [Verdict.jump("gone"), .goto("gone")] {
            let ruleset = Self.table([Rule([], [], verdict)], policy: .accept)
            var simulator = Simulator(ruleset, family: .ipv4)
            let outcomes = simulator.explore(Self.packet)
            #expect(outcomes.fates == [.accept, .drop])
            #expect(outcomes.unknowns.map(simulator.unknown) == ["the chain gone"])
        }
    }

    @Test func `a set is that of the table which asks for it`() {
        func table(_ name: String, _ address: UInt128) -> Table {
            var set = NamedSet("bad", family: .ipv4, fields: [.source])
            set.append([Interval(address)], NamedSet.Attributes())
            let hook = Chain.Hook(kind: .filter, point: .input, priority: 0, policy: .accept)
            let rule = Rule([.member([.source], of: "bad")], [], .drop)
            return Table(
                family: .ip,
                name: name,
                sets: [set],
                chains: [Chain("input", hook: hook, rules: [rule])]
            )
        }
        for addresses in [[7, 8], [8, 7], [8, 9]] as [[UInt128]] {
            let ruleset = Ruleset(tables: zip(["a", "b"], addresses).map(table))
            var simulator = Simulator(ruleset, family: .ipv4)
            var packet = Self.packet
            packet[.source] = 7
            #expect(simulator.explore(packet).fates == (addresses.contains(7) ? [.drop] : [.accept]))
        }
    }

    @Test(arguments: [
        ("filter", "PREROUTING"), ("nat", "FORWARD"), ("raw", "INPUT"), ("filter", "POSTROUTING"),
    ])
    func `a chain of one's own is no hook, whatever it is called`(table: String, chain: String) throws {
        let ruleset = try Self.ruleset(
            "*\(table)\n:\(chain) - [0:0]\n-A \(chain) -j MARK --set-mark 1\nCOMMIT\n"
        )
        let own = ruleset.tables[0].chains.filter { $0.name == chain }
        #expect(own.map(\.hook) == [nil])
    }

    // MARK: Making them

    private static let packet: Packet = {
        var packet = Packet(family: .ipv4, inputInterface: "eth0")
        packet[.source] = 1
        packet[.destination] = 2
        packet[.transportProtocol] = 6
        packet.completeConnection()
        return packet
    }()

    /// With a clock, so that rules about the time leave nothing open.
    private static func simulator(_ ruleset: Ruleset) -> Simulator {
        var simulator = Simulator(ruleset, family: .ipv4)
        (simulator.time, simulator.isDated) = (1_796_000_000_000_000_000, true)
        return simulator
    }

    private static func table(_ rules: [Rule], policy: Chain.Policy) -> Ruleset {
        let hook = Chain.Hook(kind: .filter, point: .input, priority: 0, policy: policy)
        return Ruleset(tables: [
            Table(family: .ip, name: "t", chains: [Chain("input", hook: hook, rules: rules)])
        ])
    }

    private static func ruleset(_ text: String) throws -> Ruleset {
        let source = SourceFile(name: "rules", text: text)
        let names = NameDatabase(services: "", protocols: "tcp 6\nudp 17\nicmp 1\n")
        let (file, errors) = SaveFileReader.read(source, family: .ipv4, names: names)
        try #require(!errors.hasErrors, "\(errors)")
        let (loaded, more) = LoadedRuleset.load(file, from: source, family: .ipv4)
        try #require(!more.hasErrors, "\(more)")
        return loaded.meaning(names: names)
    }

    /// In base chains and in those that they lead to, but not in nat, where nothing is dropped.
    fileprivate static func places(_ ruleset: Ruleset) -> [Place] {
        ruleset.tables.enumerated().filter { $0.element.name != "nat" }.flatMap { table in
            table.element.chains.enumerated().flatMap { chain in
                chain.element.rules.indices.map { Place(table: table.offset, chain: chain.offset, rule: $0) }
            }
        }
    }

    private static func combinations(_ count: Int) -> [[Int]] {
        (0..<count).reduce([[]]) { all, _ in all.flatMap { one in replacements.indices.map { one + [$0] } } }
    }
}

private struct Place {
    var table: Int
    var chain: Int
    var rule: Int
}

extension Ruleset {
    fileprivate subscript(place: Place) -> Rule {
        get { tables[place.table].chains[place.chain].rules[place.rule] }
        set { tables[place.table].chains[place.chain].rules[place.rule] = newValue }
    }
}
