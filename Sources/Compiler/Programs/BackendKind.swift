package import Policy

/// The ways into the kernel that a firewall can take.
package enum BackendKind: String, CaseIterable, Comparable, Sendable, Codable {
    case nftables
    case iptablesNft = "iptables-nft"
    case iptablesLegacy = "iptables-legacy"

    /// The tools of iptables; nil for nftables.
    package var variant: IptablesVariant? {
        switch self {
        case .nftables: nil
        case .iptablesNft: .nft
        case .iptablesLegacy: .legacy
        }
    }

    package init(_ variant: IptablesVariant) {
        switch variant {
        case .nft: self = .iptablesNft
        case .legacy: self = .iptablesLegacy
        }
    }

    package static func < (left: BackendKind, right: BackendKind) -> Bool {
        left.rawValue > right.rawValue
    }

    /// Whether the policy lets this backend hold it.
    package func suits(_ policy: Policy) -> Bool {
        switch policy.backend {
        case .auto: true
        case .nftables: self == .nftables
        case .iptables: self != .nftables
        }
    }

    /// Which one is taken before the others.
    package static let inOrder: [BackendKind] = [.nftables, .iptablesNft, .iptablesLegacy]
}
