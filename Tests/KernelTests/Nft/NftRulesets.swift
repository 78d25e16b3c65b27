/// Whole files: what stands beside rules in a table.
enum NftRulesets {
    static let all = [sets, maps, typeof, chains, objects, dynamic, commands, ranges, server, gateway]

    private static let sets = """
        table inet t {
            comment "all kinds of sets"
            set a { type ipv4_addr; comment "plain"; elements = { 10.0.0.1 comment "one", 10.0.0.2 } }
            set b { type ipv4_addr; flags interval; auto-merge; elements = { 10.0.0.0/8, 192.168.1.5-192.168.1.9, 1.1.1.1 } }
            set c { type inet_service; flags constant,interval; elements = { 22, 80-90, 1024-65535 } }
            set d { type ipv4_addr . inet_service . inet_proto; elements = { 1.1.1.1 . 22 . tcp, 2.2.2.2 . 53 . udp } }
            set e { type ipv6_addr . inet_service; flags interval; elements = { fe80::/10 . 22-30, ::1 . 5 } }
            set f { type ipv4_addr; flags timeout; timeout 1h; gc-interval 5m; elements = { 1.2.3.4 timeout 2h, 1.2.3.5 } }
            set g { type ether_addr; policy memory; size 100; elements = { 00:11:22:33:44:55 } }
            set h { type mark; flags interval; elements = { 0x1-0x5, 0x10 } }
            set i { type ifname; elements = { "lo", "eth0" } }
            set j { type ifname; flags interval; elements = { "lo", "eth*" } }
            set k { type ipv4_addr; counter; elements = { 1.2.3.4 counter packets 5 bytes 600 } }
            set l { type ipv4_addr; flags dynamic; size 10; limit rate 5/second; }
            set m { type ct_state; elements = { new, established } }
            set n { type icmp_type . icmp_code; elements = { 3 . 4 } }
            set o { type ether_type; elements = { ip, ip6, 0x88cc } }
            set p { type ipv6_addr; flags interval; elements = { 2001:db8::/32, ::-::5 } }
            set q { type ipv4_addr; flags interval; elements = { 0.0.0.0-10.0.0.0, 224.0.0.0-255.255.255.255 } }
            set r { type inet_proto . mark; flags interval; elements = { tcp . 1-5, 100-120 . 7 } }
            set s { type ipv4_addr; elements = { 1.1.1.1, * } }
            set u { type time; elements = { 5m, 1h } }
        }
        """

    private static let maps = """
        table ip t {
            map a { type ipv4_addr : mark; elements = { 1.1.1.1 : 5, 2.2.2.2 : 0xff } }
            map b { type inet_service : verdict; elements = { 22 : accept, 23 : drop, 24 : jump o, 25 : goto o, 26 : return } }
            map c { type ipv4_addr . inet_service : ipv4_addr . inet_service; elements = { 1.1.1.1 . 80 : 2.2.2.2 . 8080 } }
            map d { type ipv4_addr : interval ipv4_addr; flags interval; elements = { 10.0.0.0/24 : 10.1.0.0/24 } }
            map e { type ipv4_addr : verdict; flags interval; elements = { 10.0.0.0/8 : accept, * : drop } }
            map f { type ifname : verdict; elements = { "lo" : accept } }
            counter k { comment "counts"; packets 1 bytes 2 }
            map g { type inet_service : counter; elements = { 80 : "k" } }
            map h { type mark : inet_service; elements = { 1 : 80 } }
            map i { type ipv4_addr : ipv4_addr; flags timeout; elements = { 1.1.1.1 timeout 1h : 2.2.2.2 } }
            chain o { }
            chain c {
                ip saddr vmap @e
                tcp dport vmap @b
                meta mark set ip saddr map @a
                counter name tcp dport map @g
            }
            chain n {
                type nat hook prerouting priority dstnat; policy accept;
                dnat to ip saddr . tcp dport map @c
                dnat prefix to ip saddr map @d
                tcp dport 80 redirect to :meta mark map @h
            }
        }
        """

    private static let typeof = """
        table inet t {
            set a { typeof ip saddr . tcp dport; flags interval; elements = { 10.0.0.0/8 . 22-23 } }
            set b { typeof vlan id; elements = { 5, 7 } }
            set c { typeof ip dscp; elements = { cs1, af11 } }
            set d { typeof ct original ip saddr . meta mark; elements = { 1.2.3.4 . 5 } }
            set e { typeof tcp option maxseg size; elements = { 1400 } }
            set f { typeof frag id; elements = { 5 } }
            set g { typeof ip option lsrr addr; }
            set h { typeof sctp chunk data tsn; elements = { 5 } }
            set i { typeof @nh,32,16; elements = { 5 } }
            set j { typeof meta time; }
            set k { typeof arp saddr ip . arp daddr ether; elements = { 1.2.3.4 . 00:11:22:33:44:55 } }
            set l { typeof iifname . tcp flags; elements = { "lo" . syn } }
            set m { typeof icmpv6 mtu; elements = { 1280 } }
            map n { typeof meta mark : ip daddr . tcp dport; elements = { 5 : 1.2.3.4 . 80 } }
            map o { typeof ip saddr : meta mark; elements = { 1.2.3.4 : 5 } }
            map p { typeof tcp dport : verdict; elements = { 22 : accept } }
            set q { typeof fib daddr type; elements = { local } }
            set r { typeof ct mark; elements = { 5 } }
            chain c {
                ip saddr . tcp dport @a
                ip dscp @c
                ct original ip saddr . meta mark @d
                tcp option maxseg size @e
                frag id @f
                sctp chunk data tsn @h
                iifname . tcp flags @l
                meta mark set ip saddr map @o
            }
        }
        """

    private static let chains = """
        table ip t {
            flags dormant
            chain a { type filter hook input priority raw - 5; policy drop; comment "first"; counter accept comment "all"; }
            chain b { type route hook output priority mangle; }
            chain c { type nat hook postrouting priority srcnat + 3; masquerade; }
            chain d { comment "plain"; }
            chain e { type filter hook forward priority 17; policy accept; }
        }
        table bridge b {
            chain a { type filter hook input priority filter; }
            chain b { type filter hook prerouting priority dstnat; }
        }
        table arp a { chain i { type filter hook input priority filter; policy accept; arp operation request accept; }
        }
        table netdev n {
            chain i { type filter hook ingress device "lo" priority -500; policy accept; }
            chain e { type filter hook egress device "lo" priority 0; }
        }
        table inet i {
            chain g { type filter hook ingress device "lo" priority filter; }
        }
        table ip6 empty { }
        """

    private static let objects = """
        table ip t {
            counter a { packets 10 bytes 2000 }
            counter b { comment "b"; }
            quota c { over 25 mbytes used 3 kbytes }
            quota d { until 1 kbytes; comment "d"; }
            limit e { rate over 1 mbytes/second burst 2 mbytes }
            limit f { rate 10/minute }
            ct timeout g { protocol tcp; l3proto ip; policy = { established : 300, syn_sent : 5 }; }
            ct expectation h { protocol tcp; dport 5000; timeout 1h; size 12; l3proto ip; }
            synproxy i { mss 1460; wscale 9; timestamp sack-perm; }
            chain c {
                counter name "a" quota name "c" limit name "e" accept
                ct timeout set "g"
                ct expectation set "h"
                synproxy name "i"
            }
        }
        """

    private static let dynamic = """
        table inet t {
            set a { type ipv4_addr; size 100; flags dynamic,timeout; timeout 1m; }
            set b { type ipv4_addr . inet_service; size 100; flags dynamic; }
            map c { type ipv4_addr : mark; size 100; flags dynamic; }
            chain c {
                tcp flags syn tcp dport 22 add @a { ip saddr limit rate over 10/second } drop
                update @a { ip saddr timeout 30s counter }
                add @b { ip saddr . tcp dport counter }
                update @c { ip saddr : meta mark }
                delete @a { ip saddr }
                meter m { ip saddr timeout 10s limit rate 5/second } accept
            }
        }
        """

    private static let commands = """
        flush ruleset
        define ports = { 22, 80, 443 }
        define lan = 192.168.0.0/16
        add table inet t
        add chain inet t c { type filter hook input priority 0; policy drop; }
        add set inet t s { type ipv4_addr; }
        add element inet t s { 1.2.3.4, 1.2.3.5 }
        add rule inet t c ct state established,related accept comment "going on"
        add rule inet t c ip saddr $lan tcp dport $ports accept
        add rule inet t c ip saddr @s drop
        insert rule inet t c iif lo accept
        """

    private static let ranges = """
        table inet t {
            chain c {
                tcp dport { 1, 2-3 } accept
                ip saddr { 10.0.0.0/8 } accept
                tcp dport { 1-65535 } accept
                ip daddr { 0.0.0.0/0 } accept
                meta mark { 1-5 } accept
                ip saddr . tcp dport { 10.0.0.0/8 . 22 } accept
                iifname { "eth*" } accept
                @nh,96,32 0x0a000001 accept
                @th,0,32 0x00160017 accept
                meta l4proto tcp @th,16,16 22 accept
                tcp dport 22 ip saddr 1.2.3.4 accept
                meta nfproto ipv4 meta l4proto tcp counter tcp dport 22 accept
            }
        }
        """

    private static let server = """
        #!/usr/sbin/nft -f
        flush ruleset
        table inet filter {
            set blocked { type ipv4_addr; flags interval; auto-merge; elements = { 203.0.113.0/24, 198.51.100.7 } }
            chain input {
                type filter hook input priority filter; policy drop;
                ct state vmap { established : accept, related : accept, invalid : drop }
                iif "lo" accept
                ip saddr @blocked drop
                meta l4proto { icmp, ipv6-icmp } accept
                icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept
                tcp dport { ssh, http, https } ct state new limit rate 20/second burst 40 packets accept
                udp dport 60000-61000 accept
                ip6 saddr fe80::/10 udp dport 546 accept
                limit rate 5/minute log prefix "dropped: " level info
                counter reject with icmpx admin-prohibited
            }
            chain forward { type filter hook forward priority filter; policy drop; }
            chain output { type filter hook output priority filter; policy accept; meta skuid 33 tcp dport != { 80, 443 } reject; }
        }
        """

    private static let gateway = """
        define wan = "ppp0"
        table ip nat {
            chain prerouting {
                type nat hook prerouting priority dstnat; policy accept;
                iifname $wan tcp dport { 80, 443 } dnat to 192.168.1.10
                iifname $wan tcp dport 2222 dnat to 192.168.1.20:22
                iifname $wan udp dport 5000-5010 dnat to 192.168.1.30-192.168.1.39
            }
            chain postrouting {
                type nat hook postrouting priority srcnat; policy accept;
                oifname $wan ip saddr 192.168.0.0/16 masquerade random
                ip saddr 10.0.0.0/24 snat to 198.51.100.1-198.51.100.9 persistent
            }
        }
        table inet mangle {
            chain forward {
                type filter hook forward priority mangle; policy accept;
                oifname $wan tcp flags syn tcp option maxseg size set 1400
                ip dscp set cs1
                ct mark set meta mark | 0x10
                meta mark set ct mark & 0xff
                fib saddr . iif oif missing drop
            }
        }
        """
}
