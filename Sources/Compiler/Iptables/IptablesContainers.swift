import Netfilter
import PacketModel
import Policy

/// The bridges of containers and virtual machines.
extension IptablesLowering {
    mutating func addGuests(_ direction: Direction, asked: Asked, in chain: inout String, stem: String) {
        guard let containers = policy.containers else { return }
        let comment = "\(policy.place(containers.origin)) containers"
        let fromGuests = Condition.interface(.inputInterface, matches: containers.bridges)
        let toGuests = Condition.interface(.outputInterface, matches: containers.bridges)
        switch direction {
        case .inbound:
            guard containers.parts.contains(.guestServices) else { return }
            let questions: [(IPProtocol, IntervalSet<UInt16>)] = [(.tcp, [53]), (.udp, [53, 67, 547])]
            chains.add(
                questions.map { transportProtocol, ports in
                    Rule(
                        [
                            fromGuests, .transportProtocol(transportProtocol),
                            .field(asked.portField, in: ports.asFieldValues),
                        ],
                        [.counter],
                        .return,
                        comment: "\(comment) guest-services"
                    )
                },
                to: chain
            )
        case .outbound:
            if containers.parts.contains(.hostToBridge) {
                let rule = Rule([toGuests], [.counter], .return, comment: "\(comment) host-to-bridge")
                chains.add(rule, to: chain)
            } else if containers.parts.contains(.guestServices) {
                let conditions = [toGuests] + DHCPPorts.answer(family)
                let rule = Rule(conditions, [.counter], .return, comment: "\(comment) guest-services")
                chains.add(rule, to: chain)
            }
        case .forward:
            if containers.parts.contains(.sameBridge) {
                // No rule can say "the same interface"; two bridges of one pattern are told apart by the
                // engine.
                chains.add(
                    containers.bridges.sorted().map { bridge in
                        Rule(
                            [
                                .interface(.inputInterface, matches: [bridge]),
                                .interface(.outputInterface, matches: [bridge]),
                            ],
                            [.counter],
                            .return,
                            comment: "\(comment) same-bridge"
                        )
                    },
                    to: chain
                )
            }
            guard containers.allowsOutbound else { return }
            let next = chains.startNext(stem, comment: "what goes to a bridge, or comes from none")
            chains.add(
                [
                    Rule([toGuests], [], .goto(next)),
                    Rule([fromGuests], [.counter], .return, comment: "\(comment) outbound"),
                    Rule([], [], .goto(next)),
                ],
                to: chain
            )
            chain = next
        }
    }
}
