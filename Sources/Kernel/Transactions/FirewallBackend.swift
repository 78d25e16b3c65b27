/// One of the ways by which a firewall reaches the kernel, and is read back from there.
package protocol FirewallBackend: Sendable {
    associatedtype Program: Sendable

    /// Asks the kernel and the tools whether the program would load; changes nothing.
    func check(_ program: Program, in namespace: NetworkNamespace?) async throws(CommitError)

    /// Puts the program in the place of what an earlier commit left. In the caller's namespace when none is given.
    func commit(_ program: Program, in namespace: NetworkNamespace?) async throws(CommitError)

    /// Takes away what commits left. Nothing there is no error.
    func remove(in namespace: NetworkNamespace?) async throws(CommitError)

    /// What of ours stands in the kernel, as a program that loads it again.
    func installed(in namespace: NetworkNamespace?) async throws -> Program

    /// What of ours stands in the kernel, in a form by which two kernels can be compared. Counters, and elements that
    /// packets made, are no part of it.
    func listing(in namespace: NetworkNamespace?) async throws -> FirewallListing

    /// What the rules have counted.
    func counters(in namespace: NetworkNamespace?) async throws -> FirewallCounters
}
