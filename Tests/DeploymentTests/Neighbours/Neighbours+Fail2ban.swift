import PacketModel

extension Neighbours {
    /// A jail with `banaction = iptables` and one with `iptables-ipset` (fail2ban's config/action.d).
    static func fail2ban(_ family: IPFamily) -> String {
        let (set, reject) =
            switch family {
            case .ipv4: ("f2b-nginx", "icmp-port-unreachable")
            case .ipv6: ("f2b-nginx6", "icmp6-port-unreachable")
            }
        return """
            *filter
            :f2b-sshd - [0:0]
            -I INPUT -p tcp -m multiport --dports 80,443 -m set --match-set \(set) src -j REJECT --reject-with \(reject)
            [44:2640] -I INPUT -p tcp -m multiport --dports 22 -j f2b-sshd
            [3:180] -A f2b-sshd -s \(banned(family)) -j REJECT --reject-with \(reject)
            [41:2460] -A f2b-sshd -j RETURN
            COMMIT

            """
    }

    /// Bans for ever, for one with a time to go would be another at each look.
    static let fail2banSets = """
        create f2b-nginx hash:ip family inet hashsize 1024 maxelem 65536 timeout 0
        add f2b-nginx 203.0.113.77 timeout 0
        add f2b-nginx 203.0.113.78 timeout 0
        create f2b-nginx6 hash:ip family inet6 hashsize 1024 maxelem 65536 timeout 0
        add f2b-nginx6 2001:db8::77 timeout 0

        """

    /// A jail with `banaction = nftables`.
    static let fail2banTable = """
        table inet f2b-table {
            set addr-set-recidive {
                type ipv4_addr
                elements = { \(banned(.ipv4)), 203.0.113.10 }
            }
            set addr6-set-recidive {
                type ipv6_addr
                elements = { \(banned(.ipv6)) }
            }
            chain f2b-chain {
                type filter hook input priority filter - 1; policy accept;
                tcp dport 25 ip saddr @addr-set-recidive counter packets 2 bytes 120 reject with icmp port-unreachable
                tcp dport 25 ip6 saddr @addr6-set-recidive counter reject with icmpv6 port-unreachable
            }
        }

        """
}
