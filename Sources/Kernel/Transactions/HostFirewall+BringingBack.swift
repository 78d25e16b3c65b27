package import Compiler

/// The way back, and the boot: what is to stand is known, and nothing that a kernel or a tool says can keep it out.
extension HostFirewall {
    /// Puts a firewall back from memory, before anything is read. `other` is what may stand there instead, as far as it is
    /// known.
    ///
    /// When it returns, what was brought is what packets meet. Of the other firewall chains may be left that nothing of
    /// ours fills, and a jump may stand there twice, until ``tidy(_:)``. Every backend is tried; throws the first error.
    package func bringBack(_ firewall: Firewall, over other: Firewall?) async throws {
        var errors: [any Error] = []
        func attempt(_ work: () async throws -> Void) async {
            do { try await work() } catch { errors.append(error) }
        }
        if let program = firewall.nftables {
            await attempt { try await nftables.bringBack(program, in: namespace) }
        }
        for variant in IptablesVariant.allCases {
            guard let program = firewall.iptables[variant] else { continue }
            await attempt {
                try await iptables(variant).bringBack(program, over: other?.iptables[variant], in: namespace)
            }
        }
        // What was there instead goes when what comes stands.
        if errors.isEmpty {
            if firewall.nftables == nil { await attempt { try await nftables.remove(in: namespace) } }
            for variant in IptablesVariant.allCases where firewall.iptables[variant] == nil {
                guard let program = other?.iptables[variant] else { continue }
                await attempt {
                    try await iptables(variant).bringBack(.nothing, over: program, in: namespace)
                }
            }
        }
        if let first = errors.first { throw first }
    }

    /// Takes away what ``bringBack(_:over:)`` left, and makes our jumps the first rules; this reads what stands there.
    package func tidy(_ firewall: Firewall) async throws {
        for (variant, program) in firewall.iptables {
            try await iptables(variant).tidy(program, in: namespace)
        }
        for backend in try await backends().subtracting(firewall.backends).sorted() {
            switch backend.variant {
            case nil: try await nftables.remove(in: namespace)
            case let variant?: try await iptables(variant).remove(in: namespace)
            }
        }
    }
}
