/// `REDIRECT`: to a port of this host (iptables-extensions(8)).
enum RedirectTarget {
    static func words(port: UInt16) -> [String] {
        ["-j", "REDIRECT", "--to-ports", "\(port)"]
    }
}
