extension ServiceCatalogue {
    /// Names of hosts and who stands behind them.
    ///
    /// Ports: IANA registry of service names and ports; `dns-over-quic`: RFC 9250; for `powerdns-api`,
    /// `unbound-control`, `nsd-control` the project's own documentation.
    static let names: [Service] = [
        .service("dns", aliases: ["domain"], [.tcp(53), .udp(53)], "Domain names, over UDP and TCP"),
        .service("dns-over-tls", [.tcp(853)], "Domain names over TLS"),
        .service("dns-over-quic", [.udp(853)], "Domain names over QUIC"),
        .service("mdns", aliases: ["avahi"], [.udp(5353)], "Multicast DNS, names on the local link"),
        .service("llmnr", [.tcp(5355), .udp(5355)], "Link-local multicast name resolution"),
        .service("netbios-ns", [.udp(137)], "NetBIOS name service"),
        .service("whois", [.tcp(43)], "Registration data of names and addresses"),
        .service("ident", aliases: ["auth"], [.tcp(113)], "Identification of a connection's owner"),
        .service("finger", [.tcp(79)], "Who is logged in"),
        .service("rndc", [.tcp(953)], "Control of the BIND name server"),
        .service("unbound-control", [.tcp(8953)], "Control of the Unbound resolver"),
        .service("nsd-control", [.tcp(8952)], "Control of the NSD name server"),
        .service("powerdns-api", [.tcp(8081)], "PowerDNS Authoritative, web server and API"),
    ]
}
