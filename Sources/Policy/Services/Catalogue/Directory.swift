extension ServiceCatalogue {
    /// Directories and authentication.
    ///
    /// Ports: IANA registry of service names and ports; `radsec`: RFC 6614; `global-catalog*`: Microsoft's
    /// registration.
    static let directory: [Service] = [
        .service("ldap", [.tcp(389)], "Directory access, STARTTLS possible"),
        .service("ldaps", [.tcp(636)], "Directory access over TLS"),
        .service(
            "cldap",
            [.udp(389)],
            "Connectionless directory access, how clients find a domain controller"
        ),
        .service("global-catalog", [.tcp(3268)], "Active Directory global catalogue"),
        .service("global-catalog-tls", [.tcp(3269)], "Active Directory global catalogue over TLS"),
        .service("kerberos", [.tcp(88), .udp(88)], "Kerberos tickets"),
        .service("kpasswd", [.tcp(464), .udp(464)], "Kerberos password change"),
        .service("kadmin", [.tcp(749)], "Kerberos administration"),
        .service("radius", [.udp(1812)], "RADIUS authentication"),
        .service("radius-accounting", [.udp(1813)], "RADIUS accounting"),
        .service("radius-coa", [.udp(3799)], "RADIUS dynamic authorization, change of authorization"),
        .service("radsec", [.tcp(2083)], "RADIUS over TLS"),
        .service("tacacs", [.tcp(49)], "TACACS+ login to network devices"),
    ]
}
