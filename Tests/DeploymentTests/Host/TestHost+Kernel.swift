import Kernel
import PacketModel
import Testing

extension TestHost {
    var firewall: HostFirewall { HostFirewall(in: network.inside) }

    /// What of ours the kernel holds.
    func digest() async throws -> String { try await firewall.listing().digest }

    /// The conversations that come to a server inside, of those to SSH and to HTTP: `ipv4 22`.
    func open(ports: [UInt16] = [22, 80]) async throws -> Set<String> {
        var names: [String] = []
        var probes: [Probe] = []
        for family in IPFamily.allCases {
            for port in ports {
                names.append("\(family) \(port)")
                probes.append(
                    .conversation(
                        Conversation(
                            .tcp(port: port),
                            from: try outside(family),
                            to: try inside(family),
                            on: "eth0"
                        )
                    )
                )
            }
        }
        let outcomes = try await Laboratory(network, window: .milliseconds(600)).run(probes)
        return Set(zip(names, outcomes).filter { $0.1.observation == .passed }.map(\.0))
    }

    static let sshAlone: Set<String> = ["ipv4 22", "ipv6 22"]
    static let everything: Set<String> = ["ipv4 22", "ipv6 22", "ipv4 80", "ipv6 80"]
}
