package import Compiler
import Kernel
import SystemPackage

/// What a change puts into the kernel, or its way back: a firewall of ours, or rules of others.
package enum ChangedRules: Hashable, Sendable {
    case ours(Firewall)
    case others(OthersRules)

    /// What a kernel lists that holds it, as far as the change reaches.
    func expectedListing() async throws -> FirewallListing {
        switch self {
        case .ours(let firewall): try await HostFirewall.expectedListing(of: firewall)
        case .others(let rules): try await OthersFirewall.expectedListing(of: rules)
        }
    }

    /// What this kernel lists where the change reaches.
    func liveListing() async throws -> FirewallListing {
        switch self {
        case .ours: try await HostFirewall().listing()
        case .others(let rules): try await OthersFirewall().listing(of: rules)
        }
    }

    /// The same, by ``FirewallListing/expecting(_:_:)``.
    func liveListing(expecting digest: String) async throws -> FirewallListing {
        try await FirewallListing.expecting(digest) { try await liveListing() }
    }

    /// Puts it in the place of what stands there.
    func install(holding lock: FileDescriptor?) async throws {
        switch self {
        case .ours(let firewall): try await HostFirewall(holding: lock).install(firewall)
        case .others(let rules): try await OthersFirewall(holding: lock).install(rules)
        }
    }

    /// Puts it back from memory, whatever stands there; `other` is what that may be. See
    /// ``HostFirewall/bringBack(_:over:)``.
    func bringBack(over other: ChangedRules?, holding lock: FileDescriptor?) async throws {
        switch self {
        case .ours(let firewall):
            try await HostFirewall(holding: lock, limits: .ofRecovery)
                .bringBack(firewall, over: other?.firewall)
        case .others(let rules):
            try await OthersFirewall(holding: lock, limits: .ofRecovery)
                .bringBack(rules, over: other?.others)
        }
    }

    /// Takes away what ``bringBack(over:holding:)`` left; this reads what stands there.
    func tidy(holding lock: FileDescriptor?) async throws {
        switch self {
        case .ours(let firewall): try await HostFirewall(holding: lock).tidy(firewall)
        case .others(let rules): try await OthersFirewall(holding: lock).install(rules)
        }
    }

    /// Nil where it is ours.
    private var others: OthersRules? {
        switch self {
        case .ours: nil
        case .others(let rules): rules
        }
    }

    /// Nothing of ours, where it is ours.
    package var firewall: Firewall? {
        switch self {
        case .ours(let firewall): firewall
        case .others: nil
        }
    }
}

extension StateFolder {
    /// What this kernel lists where a generation reaches; of ours for none.
    func liveListing(of generation: Generation?, expecting digest: String) async throws -> FirewallListing {
        guard let generation, !generation.kind.isOurs else {
            return try await HostFirewall().listing(expecting: digest)
        }
        return try await rules(generation.number, .after).liveListing(expecting: digest)
    }
}
