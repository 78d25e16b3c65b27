package import Compiler
package import Kernel
package import Policy
package import SystemPackage

/// What is about to be done to a host, as far as its preflight must know.
package struct PreflightRequest: Sendable {
    /// The way by which the firewall is to reach the kernel.
    package enum Backend: Hashable, Sendable {
        case nftables
        case iptables(IptablesVariant)
    }

    package var backend: Backend
    /// Where generations are kept: an absolute path, which need not be there yet.
    package var stateFolder: FilePath
    /// The folder under which files of the host are looked for; another than `/` in tests.
    package var root: FilePath
    /// The namespace that gets the firewall; nil for the caller's own.
    package var namespace: NetworkNamespace?

    /// What is to become the firewall; nil where only the host is asked about.
    package var policy: Policy?

    package init(
        backend: Backend,
        stateFolder: FilePath,
        root: FilePath = "/",
        namespace: NetworkNamespace? = nil,
        policy: Policy? = nil
    ) {
        self.backend = backend
        self.stateFolder = stateFolder
        self.root = root
        self.namespace = namespace
        self.policy = policy
    }
}

extension PreflightRequest {
    /// For a backend of this host.
    init(_ backend: BackendKind, state: String, policy: Policy? = nil) {
        self.init(backend: Backend(backend), stateFolder: FilePath(state), policy: policy)
    }
}

extension PreflightRequest.Backend {
    init(_ backend: BackendKind) {
        self = backend.variant.map { .iptables($0) } ?? .nftables
    }
}
