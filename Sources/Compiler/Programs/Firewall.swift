package import Diagnostics
package import Policy

/// All that is ours in one kernel: a program for each backend that has one. With none, nothing of ours is there.
package struct Firewall: Hashable, Sendable {
    package var nftables: NftablesProgram?
    package var iptables: [IptablesVariant: IptablesProgram]

    package static let none = Firewall()

    package init(nftables: NftablesProgram? = nil, iptables: [IptablesVariant: IptablesProgram] = [:]) {
        self.nftables = nftables
        self.iptables = iptables
    }

    /// Compiles a policy for one backend; throws what keeps it from being compiled.
    package init(_ policy: Policy, _ backend: BackendKind, usesIpset: Bool) throws(Diagnostic) {
        switch backend.variant {
        case nil: self.init(nftables: try NftablesProgram(policy))
        case let variant?: self.init(iptables: [variant: try IptablesProgram(policy, usesIpset: usesIpset)])
        }
    }

    /// The backends that have a program.
    package var backends: Set<BackendKind> {
        Set((nftables == nil ? [] : [.nftables]) + iptables.keys.map(BackendKind.init))
    }
}
