extension ServiceCatalogue {
    /// Virtual private networks and tunnels.
    ///
    /// Ports and protocols: the IANA registries of ports and of protocol numbers; for `wireguard`,
    /// `tailscale`, `nebula`, `shadowsocks`, `netbird` and `softether` the defaults of each project's own
    /// documentation.
    static let vpn: [Service] = [
        .service("wireguard", [.udp(51820)], "WireGuard at its usual port"),
        .service("openvpn", [.tcp(1194), .udp(1194)], "OpenVPN, UDP and TCP"),
        .service(
            "ipsec",
            [.udp(500, 4500), .transport(50), .transport(51)],
            "IPsec: key exchange, NAT traversal, ESP, AH"
        ),
        .service("ike", [.udp(500, 4500)], "IPsec key exchange and its NAT traversal, without ESP and AH"),
        .service("l2tp", [.udp(1701)], "Layer 2 tunnels, mostly inside IPsec"),
        .service(
            "pptp",
            [.tcp(1723), .transport(47)],
            "Point-to-point tunnels over GRE, broken cryptography"
        ),
        .service(
            "openconnect",
            aliases: ["anyconnect"],
            [.tcp(443), .udp(443)],
            "OpenConnect server, TLS and DTLS"
        ),
        .service("softether", [.tcp(992, 5555)], "SoftEther VPN on its own ports"),
        .service("tailscale", [.udp(41641)], "Tailscale, direct connections"),
        .service("zerotier", [.udp(9993)], "ZeroTier virtual network"),
        .service("nebula", [.udp(4242)], "Nebula overlay network"),
        .service("netbird", [.udp(51820)], "NetBird mesh, WireGuard"),
        .service("tinc", [.tcp(655), .udp(655)], "Tinc mesh"),
        .service("shadowsocks", [.tcp(8388), .udp(8388)], "Shadowsocks proxy at its usual port"),
        .service("vxlan", [.udp(4789)], "Ethernet over UDP, VXLAN"),
        .service("geneve", [.udp(6081)], "Ethernet over UDP, Geneve"),
        .service("ipip", [.transport(4)], "IPv4 in IP"),
        .service("sit", aliases: ["six-in-four"], [.transport(41)], "IPv6 in IPv4, and in IPv6"),
        .service("etherip", [.transport(97)], "Ethernet in IP"),
    ]
}
