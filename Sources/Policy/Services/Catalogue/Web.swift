extension ServiceCatalogue {
    /// Web servers and what stands before and behind them.
    ///
    /// Ports: IANA registry of service names and ports; for `http-proxy`, `privoxy`, `php-fpm`,
    /// `varnish-admin`, `tor-*` and `apt-cacher-ng` the project's own documentation.
    static let web: [Service] = [
        .service("http", [.tcp(80)], "Web, in the clear"),
        .service("https", [.tcp(443)], "Web over TLS, HTTP/1.1 and HTTP/2"),
        .service("http3", aliases: ["quic"], [.udp(443)], "Web over QUIC, HTTP/3"),
        .service("http-alt", [.tcp(8080)], "Web on its alternative port"),
        .service("https-alt", [.tcp(8443)], "Web over TLS on its usual alternative port"),
        .service("http-proxy", aliases: ["squid"], [.tcp(3128)], "Squid and other caching web proxies"),
        .service("socks", [.tcp(1080)], "SOCKS proxy"),
        .service("privoxy", [.tcp(8118)], "Privoxy filtering web proxy"),
        .service("tor-relay", [.tcp(9001)], "Tor relay, the usual ORPort"),
        .service("tor-socks", [.tcp(9050)], "Tor client's SOCKS proxy"),
        .service("ajp", [.tcp(8009)], "Apache JServ protocol, from a web server to Tomcat"),
        .service("php-fpm", [.tcp(9000)], "PHP FastCGI process manager"),
        .service("varnish-admin", [.tcp(6082)], "Varnish cache, management console"),
        .service("gemini", [.tcp(1965)], "Gemini protocol"),
        .service("gopher", [.tcp(70)], "Gopher protocol"),
        .service("apt-cacher-ng", [.tcp(3142)], "Cache of Debian packages"),
    ]
}
