/// What iptables 1.8.9 ships and Wallwright does not read yet: refused by name, never guessed.
enum ShippedExtensions {
    static let matches: Set<String> = [
        "dst", "eui64", "frag", "hbh", "ipv6header", "mh", "rt", "srh",
    ]

    static let targets: Set<String> = [
        "AUDIT", "CLUSTERIP", "CONNSECMARK", "DNPT",
        "ECN",
        "HMARK", "IDLETIMER", "LED",

        "RATEEST", "SECMARK", "SET", "SNPT", "SYNPROXY",
        "TCPOPTSTRIP",
        "TPROXY", "ULOG",
    ]
}
