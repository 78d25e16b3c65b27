import Diagnostics
import Netfilter
import PacketModel
import Simulation
import Testing

@testable import Compiler
@testable import Policy

/// Lines of `nat:` do with a first packet what the document says, and the filter then judges what they made of it by the
/// port that was asked for.
@Suite struct TranslationReadingTests {
    private static let packets = 300

    @Test(arguments: UInt64(1)...120)
    func `what arrives is translated, then judged`(seed: UInt64) throws {
        var random = RandomPolicy(seed: 9_000 + seed)
        var policy = random.policy(lines: 6)
        let line = random.translation(
            to: RandomPolicy.hosts(random.pick(IPFamily.allCases)).filter { !$0.isLoopback }
        )
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
                for name in TestPlaces.links {
                    simulator.interfaceAddresses[name] = TestPlaces.own(name, family).value
                }
                for var passage in passages where passage.family == family {
                    // Forwarding takes a hop.
                    passage.hopLimit = 64
                    let after = passage.translated(by: line) { _ in "br-a" }
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
}
