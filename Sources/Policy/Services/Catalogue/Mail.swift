extension ServiceCatalogue {
    /// Mail transfer, mailboxes and filters.
    ///
    /// Ports: IANA registry of service names and ports (RFC 8314 for TLS); for `rspamd`, `spamd`, `clamav`,
    /// `postgrey`, `amavis`, `dcc`, `pyzor` and `razor` the project's own documentation.
    static let mail: [Service] = [
        .service("smtp", [.tcp(25)], "Mail between servers"),
        .service("submission", [.tcp(587)], "Mail from users to their server, STARTTLS"),
        .service(
            "smtps",
            aliases: ["submissions"],
            [.tcp(465)],
            "Mail from users to their server, TLS from the start"
        ),
        .service("lmtp", [.tcp(24)], "Local mail delivery, Dovecot's usual port"),
        .service("pop3", [.tcp(110)], "Mailbox download"),
        .service("pop3s", [.tcp(995)], "Mailbox download over TLS"),
        .service("imap", [.tcp(143)], "Mailbox access"),
        .service("imaps", [.tcp(993)], "Mailbox access over TLS"),
        .service("sieve", aliases: ["managesieve"], [.tcp(4190)], "Management of Sieve mail filters"),
        .service("rspamd", [.tcp(range: 11332...11334)], "Rspamd: proxy, scanner and controller"),
        .service("spamd", [.tcp(783)], "SpamAssassin daemon"),
        .service("clamav", [.tcp(3310)], "ClamAV virus scanner"),
        .service("postgrey", [.tcp(10023)], "Postfix greylisting policy server"),
        .service("amavis", [.tcp(10024)], "Amavis content filter"),
        .service("dcc", [.udp(6277)], "Distributed Checksum Clearinghouse, spam counting"),
        .service("pyzor", [.udp(24441)], "Pyzor spam digests"),
        .service("razor", [.tcp(2703)], "Vipul's Razor spam signatures"),
        .service("nntp", [.tcp(119)], "Network news"),
        .service("nntps", [.tcp(563)], "Network news over TLS"),
    ]
}
