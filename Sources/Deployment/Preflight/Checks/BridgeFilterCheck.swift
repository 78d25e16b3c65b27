import Diagnostics
import Kernel
import PacketModel
import Policy

/// Whether frames between the ports of a bridge pass the rules for packets (Documentation/networking/ip-sysctl.rst,
/// `bridge-nf-call-iptables`): with the module `br_netfilter`, as Docker and Kubernetes load it, guests of one bridge
/// are cut from each other by a policy that does not speak of it, though no router is between them.
struct BridgeFilterCheck: PreflightCheck {
    var bridges: [PreflightHost.FilteredBridge]
    /// What is to become the firewall; nil where it is not known.
    var policy: Policy?
    /// Why the bridges are not known.
    var unseen: String?

    var diagnostics: [Diagnostic] {
        let unread = unseen.map { [Diagnostic.unread("bridges", $0)] } ?? []
        let cut = bridges.filter(isCut).map(\.name)
        guard !cut.isEmpty else { return unread }
        let names = cut.joined(separator: ", ")
        return unread + [
            Diagnostic(
                .warning,
                code: "preflight.bridge.filtered",
                "what the guests of one bridge send each other would be dropped: \(names)",
                notes: [
                    "bridge-nf-call-iptables is on, so frames between the ports of a bridge pass the rules of forward",
                    "for the rules they come in by the bridge and leave by it",
                ],
                fix: Fix(
                    "write  containers:\n    outbound: allow\n    bridges: [\(names)]\n"
                        + "or, unless Docker or Kubernetes need it, run `sysctl -w net.bridge.bridge-nf-call-iptables=0 "
                        + "net.bridge.bridge-nf-call-ip6tables=0`"
                )
            )
        ]
    }

    /// A connection of the guests to each other would not pass.
    private func isCut(_ bridge: PreflightHost.FilteredBridge) -> Bool {
        guard let policy else { return false }
        let scene = WitnessScene(policy)
        return bridge.families.contains { family in
            let approach = Approach(
                direction: .forward,
                transportProtocol: .tcp,
                member: 4_242,
                source: scene[family].strangers[0],
                destination: scene[family].strangers[1],
                inputInterface: bridge.name,
                outputInterface: bridge.name
            )
            return !policy.judge(approach).passes
        }
    }
}

extension BridgeFilterCheck {
    init(reading host: PreflightHost) async {
        policy = host.request.policy
        switch await host.filteredBridges() {
        case .success(let found): (bridges, unseen) = (found, nil)
        case .failure(let error): (bridges, unseen) = ([], "\(error)")
        }
    }
}
