import Diagnostics
import Netfilter
import PacketModel
import Testing

@testable import Policy

/// Lines of `nat:` do with a first packet what the document says, and the filter then judges what they made of it by the
/// port that was asked for.
@Suite struct TranslationReadingTests {
    private static let packets = 300
    private static let interfaces = ["eth0", "eth1", "br-a", "docker0"]

    @Test(arguments: UInt64(1)...120)
    func `what arrives is translated, then judged`(seed: UInt64) throws {
        var random = RandomPolicy(seed: 9_000 + seed)
        var policy = random.policy(lines: 6)
        let line = random.translation()
        policy.nat = [line]
        let reading = SecondReading(policy: policy)
        let rulesets = try [
            NftablesLowering.lower(policy), IptablesLowering.lower(policy, usesIpset: true),
        ]
        let passages = (0..<Self.packets).map { _ in random.passage() }.filter { passage in
            passage.direction != .outbound && passage.state == .new && !passage.isTranslated
                && passage.input != "lo"
        }
        for ruleset in rulesets {
            for family in IPFamily.allCases {
                var simulator = Simulator(ruleset, family: family)
                simulator.decides = { _ in true }
                for name in Self.interfaces {
                    simulator.interfaceAddresses[name] = Self.address(of: name, family).value
                }
                for var passage in passages where passage.family == family {
                    // Forwarding takes a hop.
                    passage.hopLimit = 64
                    let after = Self.translated(passage, by: line)
                    var packet = passage.packet
                    packet.outputInterface = after.output ?? passage.output
                    let isLocal = passage.direction == .inbound
                    // The host has the address that was asked for, and none that a line leads to; and what asks for
                    // loopback is never sent on.
                    let leadsHere = after.destination == passage.destination
                    if after.direction == .forward, after.destination.isLoopback || isLocal && leadsHere {
                        continue
                    }
                    simulator.knowsAddresses = true
                    simulator.localAddresses = isLocal ? [passage.destination.value] : []
                    packet[.destinationType] = UInt128((isLocal ? AddressType.local : .unicast).rawValue)
                    let fate = simulator.run(packet).fate
                    let expected: Trace.Fate =
                        switch reading.answer(after) {
                        case .passes, .limited: .accept
                        case .silence: .drop
                        case .refusal: .reject
                        }
                    #expect(fate == expected, "\(line) \(passage) \(after)")
                }
            }
        }
    }

    /// What docs/policy.md says of the line.
    private static func translated(_ passage: Passage, by line: TranslationLine) -> Passage {
        let input = passage.input ?? ""
        guard line.services.contains(passage.transportProtocol, passage.member),
            line.source?.contains(passage.source) != false,
            line.destination?.contains(passage.destination) != false,
            line.inputInterfaces?.contains(where: { $0.matches(input) }) != false
        else { return passage }
        var result = passage
        switch line.action {
        case .masquerade: return passage
        case .redirect(let port):
            // Of what passes through it takes what comes by an interface that it names.
            guard passage.direction == .inbound || line.inputInterfaces != nil else { return passage }
            result.direction = .inbound
            result.output = nil
            (result.destination, result.member) = (address(of: input, passage.family), port)
        case .portForward(let target, let port):
            guard passage.direction == .inbound, target.family == passage.family else { return passage }
            result.direction = .forward
            result.output = "br-a"
            (result.destination, result.member) = (target, port ?? passage.member)
        }
        (result.isTranslated, result.askedPort) = (true, passage.member)
        result.askedDestination = passage.destination
        return result
    }

    private static func address(of interface: String, _ family: IPFamily) -> IPAddress {
        let number = UInt128(1 + (interfaces.firstIndex(of: interface) ?? 0))
        return IPAddress(
            family: family,
            value: family == .ipv4 ? 0xC000_0200 + number : (0x2001_0DB8 << 96) + number
        )
    }
}

extension RandomPolicy {
    /// A line that translates what arrives.
    fileprivate mutating func translation() -> TranslationLine {
        let ports = IntervalSet([Interval(pick(Self.ports)), Interval(pick(Self.ports))])
        let isRedirect = chance(2)
        let target = pick(Self.hosts(pick(IPFamily.allCases)).filter { $0.value >> 24 != 127 })
        return TranslationLine(
            action: isRedirect
                ? .redirect(port: pick([8_080, 80, 22]))
                : .portForward(target, port: chance(2) ? nil : 8_443),
            services: ServiceSet(pick([.tcp, .udp]), ports),
            source: chance(3) ? addresses() : nil,
            destination: isRedirect && chance(4) ? addresses() : nil,
            inputInterfaces: chance(2)
                ? [InterfacePattern(pick(["eth0", "eth*", "docker0"]))].compactMap(\.self) : nil,
            origin: Origin(line: 50, range: .start, title: "nat")
        )
    }
}
