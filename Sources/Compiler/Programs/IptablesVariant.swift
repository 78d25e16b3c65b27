/// Which code of the kernel, and which tools, hold iptables rules.
package enum IptablesVariant: String, CaseIterable, Sendable, Codable {
    case nft
    case legacy
}
