/// What iptables 1.8.9 ships and Wallwright does not read yet: refused by name, never guessed.
enum ShippedExtensions {
    static let matches: Set<String> = [
        "ah", "bpf", "cgroup", "cluster", "connbytes", "connlabel", "cpu", "dccp", "devgroup", "ecn",
        "esp",
        "helper", "ipcomp", "ipvs", "nfacct", "osf",

        "policy", "quota", "rateest", "realm", "set", "socket",
        "tcpmss", "time", "u32",
    ]
}
