extension Neighbours {
    /// A part of what firewalld makes: the zone `public` on eth0 and for what has no zone, `docker` on its bridge.
    ///
    /// Its chains, and the order of their parts, are those of src/firewall/core/nftables.py; a counter was added.
    static let firewalld = """
        table inet firewalld {
            chain raw_PREROUTING {
                type filter hook prerouting priority raw + 10; policy accept;
                icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept
                meta nfproto ipv6 fib saddr . iif oif missing drop
            }
            chain mangle_PREROUTING {
                type filter hook prerouting priority mangle + 10; policy accept;
                jump mangle_PREROUTING_ZONES
            }
            chain mangle_PREROUTING_ZONES {
                iifname "docker0" goto mangle_PRE_docker
                goto mangle_PRE_public
            }
            chain mangle_PRE_docker {
            }
            chain mangle_PRE_public {
            }
            chain filter_INPUT {
                type filter hook input priority filter + 10; policy accept;
                ct state { established, related } accept
                ct status dnat accept
                iifname "lo" accept
                ct state invalid drop
                jump filter_INPUT_ZONES
                reject with icmpx admin-prohibited
            }
            chain filter_FORWARD {
                type filter hook forward priority filter + 10; policy accept;
                ct state { established, related } accept
                ct status dnat accept
                iifname "lo" accept
                ct state invalid drop
                ip6 daddr { ::/96, ::ffff:0.0.0.0/96, 2002::/24, 2002:a00::/24, 2002:7f00::/24 } reject with icmpv6 addr-unreachable
                jump filter_FORWARD_ZONES
                reject with icmpx admin-prohibited
            }
            chain filter_OUTPUT {
                type filter hook output priority filter + 10; policy accept;
                ct state { established, related } accept
                oifname "lo" accept
                ip6 daddr { ::/96, ::ffff:0.0.0.0/96, 2002::/24, 2002:a00::/24, 2002:7f00::/24 } reject with icmpv6 addr-unreachable
            }
            chain filter_INPUT_ZONES {
                iifname "docker0" goto filter_IN_docker
                iifname "eth0" goto filter_IN_public
                goto filter_IN_public
            }
            chain filter_FORWARD_ZONES {
                iifname "docker0" goto filter_FWD_docker
                goto filter_FWD_public
            }
            chain filter_IN_docker {
                accept
            }
            chain filter_FWD_docker {
                accept
            }
            chain filter_FWD_public {
                reject with icmpx admin-prohibited
            }
            chain filter_IN_public {
                jump filter_IN_public_log
                jump filter_IN_public_deny
                jump filter_IN_public_allow
                meta l4proto { icmp, ipv6-icmp } accept
                reject with icmpx admin-prohibited
            }
            chain filter_IN_public_log {
            }
            chain filter_IN_public_deny {
                ip saddr 198.51.100.66 drop
            }
            chain filter_IN_public_allow {
                tcp dport 22 counter packets 41 bytes 2460 accept
                ip6 daddr fe80::/64 udp dport 546 accept
                tcp dport { 80, 443 } accept
            }
        }

        """
}
