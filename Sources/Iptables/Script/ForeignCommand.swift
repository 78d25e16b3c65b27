/// Commands that change rules in ways that are not followed.
enum ForeignCommand {
    /// What the command does, as a clause after its name; nil when it is not known to change rules.
    static func reason(_ name: String, _ arguments: [String]) -> String? {
        if let reason = tools[name] { return reason }
        switch name {
        case "service", "rc-service", "invoke-rc.d":
            guard let service = arguments.first, services.contains(service),
                !isHarmless(arguments.dropFirst().first)
            else { return nil }
            return "\(arguments.dropFirst().first ?? "") changes the rules that \(service) makes"
        case "systemctl":
            guard let verb = arguments.first(where: { !$0.hasPrefix("-") }), !isHarmless(verb),
                let service = arguments.map({ $0.replacing(".service", with: "") }).first(
                    where: services.contains
                )
            else { return nil }
            return "\(verb) changes the rules that \(service) makes"
        case "netfilter-persistent":
            return isHarmless(arguments.first) ? nil : "loads or flushes rules"
        case "sh", "bash", "dash", "ash", "ksh", "zsh": return "runs a script that is not read"
        case _
        where services.contains(name) && ["start", "stop", "restart", "reload"].contains(arguments.first):
            return "\(arguments.first ?? "") changes the rules"
        case _ where name.hasSuffix(".sh") || name.hasSuffix(".bash"): return "is a script that is not read"
        case _ where isOfFirewall(name): return "may change rules"
        default: return nil
        }
    }

    /// It runs the command that its words are, with others after them.
    static func runsWords(_ name: String) -> Bool { name == "xargs" || name == "parallel" }

    /// A program of somebody's own with such a name: `/etc/init.d/firewall`, `fw-rules`.
    private static func isOfFirewall(_ name: String) -> Bool {
        let name = name.lowercased()
        if ["iptables-xml", "iptables-translate", "ip6tables-translate"].contains(name) { return false }
        return ["firewall", "iptables", "ip6tables", "netfilter", "nftables"].contains { name.contains($0) }
            || name.hasSuffix("fw")
    }

    private static func isHarmless(_ verb: String?) -> Bool {
        guard let verb else { return true }
        return [
            "save", "status", "enable", "disable", "is-active", "is-enabled", "daemon-reload", "list", "show",
        ]
        .contains(verb)
    }

    private static let services: Set<String> = [
        "iptables", "ip6tables", "firewalld", "ufw", "nftables", "docker", "fail2ban", "libvirtd",
        "shorewall", "ferm",
        "netfilter-persistent", "iptables-persistent", "firehol", "crowdsec-firewall-bouncer", "kubelet",
        "lxd",
    ]

    private static let tools: [String: String] = [
        "ufw": "changes rules of its own", "firewall-cmd": "changes the rules of firewalld",
        "nft": "changes rules of nftables", "docker": "makes rules for containers",
        "docker-compose": "makes rules for containers", "podman": "makes rules for containers",
        "dockerd": "makes rules for containers", "fail2ban-client": "changes the bans of fail2ban",
        "shorewall": "loads rules", "ferm": "loads rules", "firehol": "loads rules",
        "virsh": "may make rules",
        "iptables-apply": "loads rules", "ip6tables-apply": "loads rules",
        "xargs": "runs commands of what it reads",
        "parallel": "runs commands of what it reads", "at": "runs commands later",
        "arptables": "changes rules of ARP",
        "ebtables": "changes rules of bridges",
        "csf": "loads rules", "apf": "loads rules", "foomuuri": "loads rules", "awall": "loads rules",
        "fwbuilder": "loads rules", "ufw-init": "loads rules", "shorewall6": "loads rules",
        "shorewall-lite": "loads rules",
        "kubectl": "may make rules", "lxc": "may make rules",
    ]
}
