package import Kernel
package import Policy

/// What shall become the firewall of this host.
package struct Proposal: Sendable {
    package var kind: Generation.Kind
    package var firewall: Firewall
    package var backend: BackendKind?
    /// Where the policy was read from; nil for a removal.
    package var policyPath: String?
    package var policy: Policy?
    /// Connections that connection tracking is told of before the commit.
    package var connections: [LiveConnection]
    /// How the person is connected.
    package var session: LoginSession?
    /// The ports of SSH that it keeps reachable.
    package var managementPorts: [UInt16]

    package init(
        _ kind: Generation.Kind,
        _ firewall: Firewall,
        backend: BackendKind? = nil,
        policyPath: String? = nil,
        policy: Policy? = nil,
        connections: [LiveConnection] = [],
        session: LoginSession? = nil,
        managementPorts: [UInt16] = []
    ) {
        self.kind = kind
        self.firewall = firewall
        self.backend = backend
        self.policyPath = policyPath
        self.policy = policy
        self.connections = connections
        self.session = session
        self.managementPorts = managementPorts
    }
}
