package import Diagnostics
package import Policy

extension Policy {
    /// What keeps the policy from being compiled for the backends that it may run on.
    package func loweringDiagnostics() -> [Diagnostic] {
        do {
            switch backend {
            case .auto, .nftables: _ = try NftablesLowering.lower(self)
            case .iptables: _ = try IptablesLowering.lower(self, usesIpset: true)
            }
            return []
        } catch {
            return [error]
        }
    }
}
