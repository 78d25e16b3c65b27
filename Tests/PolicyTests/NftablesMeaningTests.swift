import Diagnostics
import Netfilter
import Nftables
import PacketModel
import Simulation
import Testing

@testable import Compiler
@testable import Policy

/// The compiled table and the policy say the same of every packet that was tried.
@Suite struct NftablesMeaningTests {
    @Test(arguments: UInt64(1)...150)
    func `the compiled table judges a new packet as the policy does`(seed: UInt64) throws {
        var random = RandomPolicy(seed: seed)
        let policy = random.policy(lines: 8)
        var simulators = try Self.simulators(policy)
        for _ in 0..<150 {
            let approach = random.approach()
            let judgement = policy.judge(approach)
            let packet = approach.packet(state: .new)
            let open = simulators[approach.family]?.run(packet, at: approach.direction.hookPoint)
            #expect((open?.fate == .accept) == judgement.passes, "\(approach) \(judgement) \(open)")
            var dry = simulators[approach.family]
            dry?.decides = { _ in false }
            let shut = dry?.run(packet, at: approach.direction.hookPoint)
            let passesWithoutLimits = if case .limited = judgement { false } else { judgement.passes }
            #expect((shut?.fate == .accept) == passesWithoutLimits, "\(approach) \(judgement) \(shut)")
        }
    }

    @Test(arguments: UInt64(1)...100)
    func `every matching bucket is charged when the first is under its rate`(seed: UInt64) throws {
        var random = RandomPolicy(seed: seed)
        let policy = random.policy(lines: 8)
        var simulators = try Self.simulators(policy)
        for _ in 0..<200 {
            let approach = random.approach()
            guard case .limited(let origins) = policy.judge(approach) else { continue }
            let packet = approach.packet(state: .new)
            let trace = simulators[approach.family]?.run(packet, at: approach.direction.hookPoint)
            #expect(trace?.charged.count == origins.count, "\(approach) \(origins) \(trace)")
        }
    }

    @Test(arguments: UInt64(1)...60)
    func `what is established passes unless a deny holds it`(seed: UInt64) throws {
        var random = RandomPolicy(seed: seed)
        let policy = random.policy(lines: 8)
        var simulators = try Self.simulators(policy)
        for _ in 0..<150 {
            let approach = random.approach()
            guard ![0x0800, 0x0801, 0x8000, 0x8700, 0x8200].contains(approach.member) else { continue }
            let isDenied: Bool
            switch policy.judge(approach) {
            case .banned, .denied: isDenied = true
            // What begins nothing may be of a connection from before all the same; see `SecondReadingTests`.
            case .dropped: continue
            case .baseline, .containers, .admitted, .limited, .rest: isDenied = false
            }
            let packet = approach.packet(state: .established)
            let trace = simulators[approach.family]?.run(packet, at: approach.direction.hookPoint)
            #expect((trace?.fate == .accept) == !isDenied, "\(approach) \(trace)")
        }
    }

    @Test(arguments: UInt64(1)...20)
    func `what the routes do not lead to begins nothing where they are asked`(seed: UInt64) throws {
        var random = RandomPolicy(seed: seed)
        var policy = random.policy(lines: 8)
        policy.baseline.parts.formUnion([.reversePath, .ownAddresses])
        var simulators = try Self.simulators(policy)
        for _ in 0..<100 {
            let approach = random.approach()
            let isKept =
                [approach.inputInterface, approach.outputInterface].contains("lo")
                || [0x8200, 0x8700].contains(approach.member) && approach.transportProtocol == .icmpv6
            guard approach.direction != .outbound, !isKept, policy.judge(approach).passes else { continue }
            for field in approach.direction == .inbound
                ? [Field.sourceRoute, .destinationTypeHere] : [.sourceRoute]
            {
                var packet = approach.packet(state: .new)
                packet[field] = field == .sourceRoute ? 0 : UInt128(AddressType.unicast.rawValue)
                // What NAT sent elsewhere asked for another address.
                if field == .destinationTypeHere && approach.isTranslated { continue }
                let trace = simulators[approach.family]?.run(packet, at: approach.direction.hookPoint)
                #expect(trace?.fate != .accept, "\(approach) \(trace)")
            }
        }
    }

    @Test func `a line of one family that names ports alone asks for the family`() throws {
        let line = PolicyLine(
            direction: .inbound,
            action: .allow,
            services: ServiceSet(.tcp, [22, 80]),
            source: AddressSet(ipv6: .full),
            origin: Origin(line: 1, range: .start, title: "allow")
        )
        let policy = Policy(source: SourceFile(name: "one.yaml", text: ""), lines: [line])
        let rules = try NftablesPrinter.print(try NftablesLowering.lower(policy)).split(separator: "\n")
            .filter { $0.contains("@input_tcp_port_ipv6") }
        #expect(!rules.isEmpty)
        #expect(rules.allSatisfy { $0.contains("meta nfproto ipv6") }, "\(rules)")
    }

    @Test(arguments: UInt64(1)...40)
    func `the order of the lines changes nothing but line numbers`(seed: UInt64) throws {
        var random = RandomPolicy(seed: seed)
        var policy = random.policy(lines: 10)
        let before = try NftablesPrinter.print(try NftablesLowering.lower(policy))
        policy.lines.reverse()
        #expect(try NftablesPrinter.print(try NftablesLowering.lower(policy)) == before)
        policy.lines = policy.lines.enumerated().map { index, line in
            var line = line
            line.origin = Origin(line: 100 - index, range: line.origin.range, title: line.origin.title)
            return line
        }
        let renumbered = try NftablesPrinter.print(try NftablesLowering.lower(policy))
        #expect(
            renumbered.replacing(#/random\.yaml:\d+/#, with: "")
                == before.replacing(#/random\.yaml:\d+/#, with: "")
        )
    }

    /// With tokens in every bucket.
    private static func simulators(_ policy: Policy) throws -> [IPFamily: Simulator] {
        let ruleset = try NftablesLowering.lower(policy)
        return Dictionary(
            uniqueKeysWithValues: IPFamily.allCases.map { family in
                var simulator = Simulator(ruleset, family: family)
                simulator.decides = { _ in true }
                return (family, simulator)
            }
        )
    }
}

extension Approach {
    /// The packet as the filter sees it: after NAT its port is another, what it asked for is known.
    fileprivate func packet(state: ConnectionState) -> Packet {
        var packet = Packet(family: family, inputInterface: inputInterface, outputInterface: outputInterface)
        packet[.transportProtocol] = UInt128(transportProtocol.number)
        packet[.source] = source.value
        packet[.destination] = destination.value
        packet[.originalDestination] = (askedDestination ?? destination).value
        // Connection tracking leaves messages of neighbours and of multicast listeners alone.
        let isOfListeners = transportProtocol == .icmpv6 && ICMPKinds.multicastListener.contains(member)
        let isTracked =
            !isOfListeners
            && (transportProtocol != .icmpv6 || !ICMPKinds.neighbourDiscovery.contains(member))
        packet[.connectionState] = UInt128((isTracked ? state : .untracked).rawValue)
        packet[.connectionDirection] = 0
        packet[.connectionStatus] = isTranslated ? UInt128(ConnectionStatus.destinationNAT.rawValue) : 0
        packet[.hopLimit] = isOfListeners ? 1 : 255
        packet[.sourceRoute] = 1
        packet[.destinationTypeHere] = UInt128(AddressType.local.rawValue)
        packet[.time] = UInt128(time.seconds)
        packet[.user] = user.map { UInt128($0) }
        if transportProtocol.hasPorts {
            packet[.originalDestinationPort] = UInt128(member)
            packet[.destinationPort] = isTranslated ? 9 : UInt128(member)
            packet[.sourcePort] = UInt128(sourcePort ?? 40_000)
        }
        if transportProtocol.hasTypes { packet[.icmpTypeAndCode] = UInt128(member) }
        if transportProtocol == .tcp { packet[.tcpFlags] = UInt128(TCPFlags.syn.rawValue) }
        return packet
    }
}
