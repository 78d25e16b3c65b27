package import Compiler

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
