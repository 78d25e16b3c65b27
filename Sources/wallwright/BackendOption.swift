import ArgumentParser
import Compiler
import Diagnostics
import Kernel
import Policy

/// By which way the rules reach the kernel.
struct BackendOption: ParsableArguments {
    @Option(help: "Use this backend; the policy's own by default, or the first that this host has.")
    var backend: BackendKind?

    /// Throws when the policy says otherwise.
    func checked(against policy: Policy) throws(Failure) -> BackendKind? {
        guard let backend, !backend.suits(policy) else { return backend }
        throw Failure(
            .usage,
            "the policy says  backend: \(policy.backend.rawValue), which \(backend.rawValue) is not"
        )
    }
}
