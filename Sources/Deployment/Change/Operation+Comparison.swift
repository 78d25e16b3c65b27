package import Compiler
import Diagnostics
import Kernel
package import Policy

/// What a change would not change.
extension Operation {
    /// The generation that is this firewall, when the kernel holds it; nil when there is something to do.
    package func isLive(_ firewall: Firewall) async throws -> Int? {
        guard let number = try await folder.live(), try folder.firewall(number, .after) == firewall else {
            return nil
        }
        return number
    }

    /// The same of what a proposal is.
    package func isLive(_ proposal: Proposal) async throws -> Int? {
        guard let firewall = proposal.rules.firewall else { return nil }
        return try await isLive(firewall)
    }

    /// The generation that is this policy, by the backend that is named if one is, when the kernel holds it.
    package func unchanged(_ policy: Policy, on wanted: BackendKind?) async throws -> Int? {
        guard let number = try folder.confirmed(), let backend = try folder.generation(number).backend,
            backend.suits(policy), backend.isInstalled, wanted == nil || wanted == backend
        else { return nil }
        do {
            return try await isLive(try Firewall(policy, backend, usesIpset: Tool.isInstalled("ipset")))
        } catch is Diagnostic {
            // What cannot be compiled for it is no generation.
            return nil
        }
    }

    /// Whether nothing of ours is in the kernel, bans neither.
    package func isBare() async throws -> Bool {
        try await HostFirewall().listing().isEmpty && BanList.read(from: folder).entries.isEmpty
    }
}

extension StateFolder {
    /// The generation that was confirmed last, or that waits if that counts too, when the kernel of this namespace holds
    /// it.
    package func live(waiting: Bool = false) async throws -> Int? {
        guard let number = try waiting ? current() : confirmed(),
            let digest = try placement(number)?.digest,
            try await FirewallAgreement(rules(number, .after), digest: digest).faults().isEmpty
        else { return nil }
        return number
    }
}
