/// The one way by which a firewall reaches the kernel.
package protocol FirewallBackend: Sendable {
    associatedtype Program: Sendable

    /// Asks the kernel and the tools whether the program would load; changes nothing.
    func check(_ program: Program, in namespace: NetworkNamespace?) async throws(CommitError)

    /// Puts the program in the place of what an earlier commit left. In the caller's namespace when none is given.
    func commit(_ program: Program, in namespace: NetworkNamespace?) async throws(CommitError)
}
