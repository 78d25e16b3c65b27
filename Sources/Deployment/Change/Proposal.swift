package import Compiler
package import Kernel
package import Policy

/// What shall become the firewall of this host.
package struct Proposal: Sendable {
    package enum Trial: Sendable {
        /// It got in.
        case passed
        /// No login has to get in: nothing is closed, or the policy says that there is none.
        case notNeeded
        /// There was none to try: no session over the network, and no line that is about SSH alone.
        case impossible
    }

    package var kind: Generation.Kind
    package var rules: ChangedRules
    /// What the kernel lists that holds it, where that was found out already.
    package var expected: FirewallListing?
    /// The step to it from what is live, where that touches elements of sets alone.
    package var elements: NftablesProgram?
    package var backend: BackendKind?
    /// Where the policy was read from; nil for a removal.
    package var policyPath: String?
    package var policy: Policy?
    /// Connections that connection tracking is told of before the commit.
    package var connections: [LiveConnection]
    /// How the person is connected.
    package var session: LoginSession?
    /// What a login that was tried in a copy came to.
    package var trial: Trial
    /// The ports of SSH that it keeps reachable.
    package var managementPorts: [UInt16]
    /// The connections that could not begin under the policy are ended after the commit.
    package var cuts: Bool

    package init(
        _ kind: Generation.Kind,
        _ rules: ChangedRules,
        backend: BackendKind? = nil,
        policyPath: String? = nil,
        policy: Policy? = nil,
        connections: [LiveConnection] = [],
        session: LoginSession? = nil,
        trial: Trial = .notNeeded,
        managementPorts: [UInt16] = [],
        cuts: Bool = false
    ) {
        self.kind = kind
        self.rules = rules
        self.backend = backend
        self.policyPath = policyPath
        self.policy = policy
        self.connections = connections
        self.session = session
        self.trial = trial
        self.managementPorts = managementPorts
        self.cuts = cuts
    }
}
