package import Diagnostics

extension Policy {
    /// Warns when bridges of containers or virtual machines are there and the policy does not speak of them.
    package func containerDiagnostics(present bridges: [String]) -> [Diagnostic] {
        guard containers == nil, !bridges.isEmpty else { return [] }
        return [
            Diagnostic(
                .warning,
                code: "policy.containers.missing",
                "this host has \(bridges.joined(separator: ", ")), and the policy has no `containers:`",
                notes: [
                    "what guests send would be dropped, and the ports that they publish would be shut",
                    "their names and addresses (DNS, DHCP) would be shut too",
                ],
                fix: "write  containers:\n    outbound: allow"
            )
        ]
    }
}
