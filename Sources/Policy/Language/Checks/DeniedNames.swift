import Diagnostics
import PacketModel

/// Warns of a deny whose addresses come from DNS names where nothing says which addresses it must spare.
enum DeniedNames {
    static func check(_ policy: Policy, _ reading: inout Reading) {
        guard case .obligation(let obligation) = policy.management, obligation.from == nil else { return }
        for line in policy.lines where line.action == .deny && line.followsNames && mayShutSSH(line) {
            reading.warn(
                "policy.deny.names",
                "whoever controls the DNS names of this line decides whom it blocks, and that could be you",
                at: reading.firstLine(of: line.origin.range),
                notes: [
                    "automatic changes spare the addresses that past confirmations came from, and no others"
                ],
                fix: "write under management:  from: the addresses that you come from"
            )
        }
    }

    /// It stands against connections to a port of TCP, or against the answers.
    private static func mayShutSSH(_ line: PolicyLine) -> Bool {
        switch line.direction {
        case .inbound: line.services.isAny || line.services.members[.tcp] != nil
        case .outbound: line.isBan
        case .forward: false
        }
    }
}
