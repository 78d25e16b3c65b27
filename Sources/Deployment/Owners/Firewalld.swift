extension RuleOwner {
    /// One table, or with `FirewallBackend=iptables` chains of its own and rules in all built-in ones. Among these is a
    /// REJECT of everything: without the chains before it, nobody gets in.
    static let firewalld = RuleOwner(
        name: "firewalld",
        services: ["firewalld"],
        chains: [
            "INPUT_*", "OUTPUT_*", "FORWARD_*", "PREROUTING_*", "POSTROUTING_*", "IN_*", "FWD_*", "FWDI_*",
            "FWDO_*",
            "OUT_*", "PRE_*", "POST_*", "RFC3964_IPv4",
        ],
        tables: ["firewalld"],
        rules: [
            "* -m conntrack --ctstate RELATED,ESTABLISHED,DNAT -j ACCEPT",
            "* -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
            "* -m conntrack --ctstate INVALID -j DROP",
            "* -m conntrack --ctstate INVALID -j LOG ...",
            "* -i lo -j ACCEPT",
            "OUTPUT -o lo -j ACCEPT",
            "* -j LOG ...",
            "* -j REJECT --reject-with *",
            "PREROUTING -m rpfilter --validmark --invert -j DROP",
            "PREROUTING -p ipv6-icmp -m icmp6 --icmpv6-type 134 -j ACCEPT",
            "PREROUTING -p ipv6-icmp -m icmp6 --icmpv6-type 135 -j ACCEPT",
        ],
        landmark: "OUTPUT_direct"
    )
}
