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
}
