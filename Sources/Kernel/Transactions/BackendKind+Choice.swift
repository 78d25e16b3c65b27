package import Policy

extension BackendKind {
    /// Whether the tools of the backend are installed.
    package var isInstalled: Bool {
        switch self {
        case .nftables: Tool.isInstalled("nft")
        case .iptablesNft, .iptablesLegacy: Tool.isInstalled("\(rawValue)-restore")
        }
    }

    /// Whether its tools are installed, and the kernel has what they ask for.
    package var isUsable: Bool { isInstalled && (self == .iptablesLegacy || NftablesPresence.isKnown) }

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

    /// The first of those that suit the policy that can be used on this machine.
    package static func choose(for policy: Policy, _ available: BackendAvailability) -> BackendKind? {
        inOrder.first { $0.suits(policy) && available.reason(against: $0) == nil }
    }
}

extension BackendAvailability {
    /// Why a backend cannot be used; nil when it can.
    package func reason(against backend: BackendKind) -> ToolError? {
        switch backend {
        case .nftables: nftables
        case .iptablesNft: iptables[.nft]
        case .iptablesLegacy: iptables[.legacy]
        }
    }
}
