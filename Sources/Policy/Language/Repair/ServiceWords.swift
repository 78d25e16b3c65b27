/// How people write services elsewhere, before anything is looked up.
enum ServiceWords {
    /// What web servers are called, and the profiles of ufw.
    static let programs: [String: [[String]]] = {
        let (both, plain, secure) = ([["http", "https"]], [["http"]], [["https"]])
        var known = [
            "web": both, "website": both, "www": both, "httpd": both, "caddy": both, "traefik": both,
        ]
        for server in ["nginx", "apache", "apache2", "www", "lighttpd"] {
            known[server] = both
            known["\(server) full"] = both
            known["\(server) http"] = plain
            known["\(server) https"] = secure
            known["\(server) secure"] = secure
        }
        known["apache"] = both
        known["dovecot"] = [["imaps"], ["imap"]]
        known["mail"] = [["smtp"], ["submission"], ["imaps"]]
        known["samba"] = [["smb"]]
        return known
    }()

    /// The text in lower case, without what only surrounds it: brackets, quotes, a comment; ranges with a `-`.
    static func plain(_ text: String) -> String {
        var text = text.lowercased()
        for mark in [" //", " #", "//", " --"] {
            if let end = text.firstRange(of: mark), end.lowerBound > text.startIndex {
                text = String(text[..<end.lowerBound])
            }
        }
        text = String(text.map { "()[]{}\"'`|&;".contains($0) ? " " : $0 })
        text = text.replacing(/\s*\/\s*/, with: "/")
        text = text.replacing(/([0-9])\s*(?:\.\.\.?|to|through|–| -|- )\s*([0-9])/) { "\($0.1)-\($0.2)" }
        text = text.replacing(/(tcp|udp)[+\/](tcp|udp)/) { "\($0.1),\($0.2)" }
        text = text.replacing(/(^|[\/ ])(?:>=|≥)\s*([0-9]+)/) { "\($0.1)\($0.2)-65535" }
        text = text.replacing(/(^|[\/ ])>\s*([0-9]+)/) { match in
            Int(match.2).map { "\(match.1)\($0 + 1)-65535" } ?? String(match.0)
        }
        text = text.replacing(/(^|[\/ ])([0-9]+)[-:+]$/) { "\($0.1)\($0.2)-65535" }
        return text.split(separator: " ").joined(separator: " ")
    }
}
