import Diagnostics
import Kernel
import Policy
import SystemPackage

/// A backend, and what was found out of it for a policy.
struct BackendChoice: Sendable {
    var backend: BackendKind
    /// What the host has to say to any firewall by this backend.
    var findings: [Diagnostic]
    /// Why the policy cannot be compiled for it.
    var compileError: Diagnostic?
    /// Why the kernel or the tools do not take what was compiled.
    var refusal: Diagnostic?
    /// What was compiled; nil when something stands in the way.
    var firewall: Firewall?
    /// What the kernel lists that holds the firewall; nil where only the change itself can tell.
    var expected: FirewallListing?

    var diagnostics: [Diagnostic] { findings + [compileError, refusal].compactMap(\.self) }

    /// The first backend that nothing on this host stands in the way of; where something stands in the way of each, the
    /// first that could be meant.
    static func make(_ wanted: BackendKind?, for policy: Policy, state: String) async -> BackendChoice {
        let suitable = BackendKind.inOrder.filter { $0.suits(policy) }
        let possible = wanted.map { [$0] } ?? suitable.filter(\.isInstalled)
        var first: BackendChoice?
        for backend in possible.isEmpty ? Array(suitable.prefix(1)) : possible {
            let choice = await BackendChoice(backend, for: policy, state: state)
            if !choice.findings.hasErrors && choice.refusal == nil { return choice }
            first = first ?? choice
        }
        return first ?? BackendChoice(backend: .nftables, findings: [])
    }

    private init(backend: BackendKind, findings: [Diagnostic]) {
        self.backend = backend
        self.findings = findings
    }

    private init(_ backend: BackendKind, for policy: Policy, state: String) async {
        let host = PreflightHost(PreflightRequest(backend, state: state, policy: policy))
        self.init(backend: backend, findings: await Preflight.diagnostics(of: host))
        guard !findings.hasErrors else { return }
        let compiled: Firewall
        do {
            compiled = try Firewall(policy, backend, usesIpset: Tool.isInstalled("ipset"))
        } catch {
            compileError = error
            return
        }
        do {
            expected = try await HostFirewall.rehearsedListing(of: compiled)
            firewall = compiled
        } catch {
            let surroundings = await KernelSurroundings(reading: host)
            let missing = await compiled.missingModules
            refusal = surroundings.refusal(on: backend, missing: missing, because: "\(error)")
        }
    }
}
