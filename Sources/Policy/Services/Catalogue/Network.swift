import PacketModel

extension ServiceCatalogue {
    /// What keeps a network running: addresses, routes, clocks, probes.
    ///
    /// Ports and protocols: the IANA registries of ports, of protocol numbers and of ICMP types;
    /// `traceroute`: the range that its manual page starts at; `bfd`: RFC 5881 and RFC 5883.
    static let network: [Service] = [
        .service("ping", [.type(8, of: .icmp), .type(128, of: .icmpv6)], "Echo requests, IPv4 and IPv6"),
        .service("traceroute", [.udp(range: 33434...33534)], "Traceroute probes over UDP"),
        .service("ntp", [.udp(123)], "Network time"),
        .service("nts", [.tcp(4460)], "Network time security, key establishment: time itself needs ntp"),
        .service("ptp", [.udp(319, 320)], "Precision time"),
        .service("time", [.tcp(37), .udp(37)], "Time protocol of 1983"),
        .service("daytime", [.tcp(13), .udp(13)], "Time of day as text"),
        .service("echo", [.tcp(7), .udp(7)], "Echo protocol, not ping"),
        .service("discard", [.tcp(9), .udp(9)], "Discard protocol"),
        .service("dhcp", aliases: ["dhcp-server"], [.udp(67)], "DHCP, to servers and relays"),
        .service("dhcp-client", [.udp(68)], "DHCP, to clients: the baseline has it already"),
        .service("dhcpv6", aliases: ["dhcpv6-server"], [.udp(547)], "DHCPv6, to servers and relays"),
        .service("dhcpv6-client", [.udp(546)], "DHCPv6, to clients: the baseline has it already"),
        .service("dhcp-failover", [.tcp(647)], "DHCP failover between servers"),
        .service("pxe", [.udp(4011)], "Network boot, proxy DHCP"),
        .service("nat-pmp", aliases: ["pcp"], [.udp(5351)], "Port mapping, NAT-PMP and PCP"),
        .service("ssdp", aliases: ["upnp"], [.udp(1900)], "Discovery of UPnP devices"),
        .service("bgp", [.tcp(179)], "BGP routing"),
        .service("bfd", [.udp(3784, 3785, 4784)], "Bidirectional forwarding detection"),
        .service("bmp", [.tcp(11019)], "BGP monitoring"),
        .service("rpki-rtr", [.tcp(323, 324)], "RPKI to routers, plain and TLS"),
        .service("ospf", [.transport(89)], "OSPF routing"),
        .service("rip", [.udp(520)], "RIP routing"),
        .service("ripng", [.udp(521)], "RIP routing for IPv6"),
        .service("babel", [.udp(6696)], "Babel routing"),
        .service("eigrp", [.transport(88)], "EIGRP routing"),
        .service("pim", [.transport(103)], "Multicast routing, PIM"),
        .service("igmp", [.transport(2)], "Multicast membership, IPv4"),
        .service("ldp", [.tcp(646), .udp(646)], "MPLS label distribution"),
        .service(
            "vrrp",
            aliases: ["carp", "keepalived"],
            [.transport(112)],
            "Virtual router redundancy, Keepalived"
        ),
        .service("hsrp", [.udp(1985)], "Hot standby router protocol"),
        .service("conntrackd", [.udp(3780)], "Connection tracking between firewalls, at its usual port"),
        .service("netconf", [.tcp(830)], "Configuration of network devices over SSH"),
        .service("openflow", [.tcp(6653)], "OpenFlow controller"),
        .service("ovsdb", [.tcp(6640)], "Open vSwitch database"),
        .service("ovn", [.tcp(6641, 6642)], "OVN databases, northbound and southbound"),
        .service("capwap", [.udp(5246, 5247)], "Wireless access points to their controller"),
        .service("winbox", [.tcp(8291)], "MikroTik configuration"),
    ]
}
