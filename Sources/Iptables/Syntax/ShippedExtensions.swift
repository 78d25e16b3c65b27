/// What iptables 1.8.9 ships and Wallwright does not read yet: refused by name, never guessed.
enum ShippedExtensions {
    static let matches: Set<String> = [
        "ah", "bpf", "cgroup", "cluster", "connbytes", "connlabel", "cpu", "dccp", "devgroup", "dst", "ecn",
        "esp",
        "eui64", "frag", "hbh", "helper", "ipcomp", "ipv6header", "ipvs", "mh", "nfacct", "osf",

        "policy", "quota", "rateest", "realm", "rt", "set", "socket", "srh",

        "tcpmss", "time", "u32",
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
