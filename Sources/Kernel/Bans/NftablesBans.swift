import PacketModel

/// Bans as a table of their own, `inet wallwright_bans`: changes of the firewall leave it alone, and their way back too.
///
/// It comes just before the filter. As with a ban of the policy, loopback and what keeps a host on its link pass.
enum NftablesBans {
    static let name = "wallwright_bans"
    /// As nft calls it.
    static let table = "inet \(name)"

    /// Takes the table away, whether it is there or not.
    static let removal = "table \(table) { }\ndelete table \(table)\n"

    /// Text for `nft -f` that puts these bans in the place of all.
    static func text(_ bans: [Ban]) -> String {
        var text =
            removal
            + "table \(table) {\n    comment \"made by wallwright ban; wallwright unban takes one away\"\n"
        for family in IPFamily.allCases { text += set(family, bans.disjoint(family)) }
        for hook in ["input", "forward"] {
            text +=
                "    chain \(hook) {\n        type filter hook \(hook) priority filter - 1; policy accept;\n"
            if hook == "input" {
                text += """
                            iifname "lo" accept
                            icmpv6 type { 130-136, 143 } accept
                            udp sport 67 udp dport 68 accept
                            udp sport 547 udp dport 546 accept

                    """
            }
            text += """
                        ip saddr @\(set(.ipv4)) counter drop
                        ip6 saddr @\(set(.ipv6)) counter drop
                    }

                """
        }
        return text + "}\n"
    }

    static func set(_ family: IPFamily) -> String { "banned\(family == .ipv4 ? 4 : 6)" }

    private static func set(_ family: IPFamily, _ bans: [(interval: Interval<UInt128>, secondsLeft: Int?)])
        -> String
    {
        var text = "    set \(set(family)) {\n        type \(family == .ipv4 ? "ipv4_addr" : "ipv6_addr")\n"
        text += "        flags interval,timeout\n"
        if !bans.isEmpty {
            let elements = bans.map { interval, secondsLeft in
                let first = IPAddress(family: family, value: interval.lower)
                let last = IPAddress(family: family, value: interval.upper)
                return "            \(interval.isSingle ? "\(first)" : "\(first)-\(last)")"
                    + (secondsLeft.map { " timeout \($0)s" } ?? "")
            }
            text += "        elements = {\n\(elements.joined(separator: ",\n"))\n        }\n"
        }
        return text + "    }\n"
    }
}
