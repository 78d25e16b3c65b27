extension RuleOwner {
    static let tailscale = RuleOwner(name: "Tailscale", services: ["tailscaled"], chains: ["ts-*"])
}
