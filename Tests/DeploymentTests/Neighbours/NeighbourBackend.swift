import Compiler
import Diagnostics
import Kernel
import Policy
import Testing

/// The ways by which ours comes beside the neighbours.
enum NeighbourBackend: CaseIterable, Sendable {
    case nftables
    case iptablesNft
    case iptablesLegacy

    /// Compiles and commits the lines of a policy; `management: none` and what the host may send are added.
    func commit(_ lines: String, in namespace: NetworkNamespace) async throws {
        let text = "wallwright: 1\nmanagement: none\noutbound:\n  - allow: any\n\(lines)"
        let (read, diagnostics) = PolicyReader.read(
            source: SourceFile(name: "policy.yaml", bytes: Array(text.utf8)),
            environment: PolicyEnvironment(folder: "/")
        )
        let policy = try #require(read, "\(diagnostics.map(\.message))")
        switch self {
        case .nftables:
            try await NftablesBackend().commit(try NftablesProgram(policy), in: namespace)
        case .iptablesNft, .iptablesLegacy:
            let program = try IptablesProgram(policy, usesIpset: true)
            let variant = self == .iptablesNft ? IptablesVariant.nft : .legacy
            try await IptablesBackend(variant).commit(program, in: namespace)
        }
    }
}

extension Neighbours {
    /// A policy that gets chains, sets and NAT beside theirs, and admits what they serve.
    static let policy = """
        inbound:
          - allow: [ssh, smtp, http]
          - deny: any
            from: [198.51.100.1, 198.51.100.8/29, "2001:db8:1::/64"]
        containers:
          outbound: allow
          published: [tcp/8080]
        nat:
          - masquerade: true
            out: eth0
            from: 10.9.0.0/16

        """
}
