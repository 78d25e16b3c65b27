import Compiler
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
    /// What it takes to load it, where that is worth a word.
    var cost: Diagnostic?
    /// Those that come before it, and why they are not taken.
    var passedOver: [BackendKind: String] = [:]

    var diagnostics: [Diagnostic] { findings + [compileError, refusal, cost].compactMap(\.self) }

    /// The first backend that nothing on this host stands in the way of; where something stands in the way of each, the
    /// first that could be meant.
    static func make(_ wanted: BackendKind?, for policy: Policy, state: String) async -> BackendChoice {
        let suitable = BackendKind.inOrder.filter { $0.suits(policy) }
        let possible = wanted.map { [$0] } ?? suitable.filter(\.isInstalled)
        var passedOver: [BackendKind: String] = [:]
        var first: BackendChoice?
        for backend in possible.isEmpty ? Array(suitable.prefix(1)) : possible {
            var choice = await BackendChoice(backend, for: policy, state: state)
            choice.passedOver = passedOver
            let obstacle = choice.findings.first { $0.severity == .error } ?? choice.refusal
            guard let obstacle else { return choice }
            passedOver[backend] = obstacle.message
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
        cost = MemoryNeed(compiled).diagnostic()
        // What would take the memory of everybody is not even tried.
        if cost?.severity == .error { return }
        do {
            let start = BootClock.now
            expected = try await HostFirewall.rehearsedListing(of: compiled)
            cost = LoadTime.diagnostic(BootClock.now - start) ?? cost
            if cost?.severity == .error { return }
            firewall = compiled
        } catch {
            let surroundings = await KernelSurroundings(reading: host)
            let missing = await compiled.missingModules
            refusal = surroundings.refusal(on: backend, missing: missing, because: "\(error)")
        }
    }

    /// What is to be said where nobody named the backend, and it is another than the one that holds what was confirmed.
    func change(in folder: StateFolder) -> [Diagnostic] {
        let number: Int?
        let old: BackendKind?
        do {
            number = try folder.confirmed()
            old = try number.flatMap { try folder.generation($0).backend }
        } catch {
            // What cannot be read is told by whoever needs it.
            return []
        }
        guard let number, let old, old != backend else { return [] }
        return [
            Diagnostic(
                .warning,
                code: "change.backend",
                "the firewall moves from \(old.rawValue), which holds generation \(number), to \(backend.rawValue)",
                notes: [passedOver[old] ?? "\(backend.rawValue) can be used here, and comes first"],
                fix: passedOver[old] == nil ? "to stay with it, add --backend \(old.rawValue)" : nil
            )
        ]
    }
}
