import Netfilter
import PacketModel
import Policy

/// The bridges of containers and virtual machines.
extension NftablesLowering {
    mutating func addContainerRules(_ direction: Direction, asked: AskedDestination) -> [Rule] {
        guard let containers = policy.containers else { return [] }
        let comment = "\(policy.place(containers.origin)) containers"
        let fromGuests = Condition.interface(.inputInterface, matches: containers.bridges)
        let toGuests = Condition.interface(.outputInterface, matches: containers.bridges)
        switch direction {
        case .inbound:
            guard containers.parts.contains(.guestServices) else { return [] }
            let questions: [(IPProtocol, IntervalSet<UInt16>)] = [(.tcp, [53]), (.udp, [53, 67, 547])]
            return questions.map { transportProtocol, ports in
                Rule(
                    [
                        fromGuests, .transportProtocol(transportProtocol),
                        .field(asked.field(.destinationPort), in: ports.asFieldValues),
                    ],
                    [.counter],
                    .accept,
                    comment: "\(comment) guest-services"
                )
            }
        case .outbound:
            if containers.parts.contains(.hostToBridge) {
                return [Rule([toGuests], [.counter], .accept, comment: "\(comment) host-to-bridge")]
            }
            guard containers.parts.contains(.guestServices) else { return [] }
            return IPFamily.allCases.map { family in
                Rule(
                    [.family(family), toGuests] + DHCPPorts.answer(family),
                    [.counter],
                    .accept,
                    comment: "\(comment) guest-services"
                )
            }
        case .forward:
            var rules: [Rule] = []
            if containers.parts.contains(.sameBridge) {
                // No rule can say "the same interface"; two bridges of one pattern are told apart by the engine.
                rules += containers.bridges.map { bridge in
                    Rule(
                        [
                            .interface(.inputInterface, matches: [bridge]),
                            .interface(.outputInterface, matches: [bridge]),
                        ],
                        [.counter],
                        .accept,
                        comment: "\(comment) same-bridge"
                    )
                }
            }
            if containers.allowsOutbound {
                rules.append(Rule([.not(toGuests)], [.counter], .accept, comment: "\(comment) outbound"))
            }
            guard add("forward_from_guests", rules) else { return [] }
            return [Rule([fromGuests], [], .jump("forward_from_guests"))]
        }
    }
}
