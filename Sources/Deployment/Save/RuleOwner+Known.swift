import Kernel

extension RuleOwner {
    /// What is confirmed is on the disk already, and no file of others is to bring an older one back.
    static let wallwright = RuleOwner(
        name: "Wallwright",
        reason: "loads them by itself: wallwright enable",
        chains: ["WALLWRIGHT-*", "WALLWRIGHT_*"],
        sets: ["ww-*"],
        tables: ["wallwright", "wallwright_*"]
    )

    /// By the names that they give, in their own sources and manuals.
    static let others: [RuleOwner] = [
        // docs.docker.com, "Packet filtering and firewalls": DOCKER-USER is the administrator's.
        RuleOwner(
            name: "Docker",
            chains: ["DOCKER", "DOCKER-*"],
            chainsOfPeople: ["DOCKER-USER"],
            sets: ["docker-ext-bridges-*"],
            tables: ["docker-bridges"],
            writesBridgeRules: true
        ),
        RuleOwner(name: "Podman", chains: ["NETAVARK*", "CNI-*"], tables: ["netavark"]),
        RuleOwner(
            name: "fail2ban",
            reason: "bans anew when it starts, and nobody would lift a ban that a file brings back",
            chains: ["f2b-*", "fail2ban-*"],
            sets: ["f2b-*", "fail2ban-*"],
            tables: ["f2b-table"]
        ),
        RuleOwner(
            name: "CrowdSec",
            reason: "bans anew when it starts, and nobody would lift a ban that a file brings back",
            chains: ["CROWDSEC_*"],
            sets: ["crowdsec-*", "crowdsec6-*"],
            tables: ["crowdsec", "crowdsec6"]
        ),
        RuleOwner(
            name: "sshguard",
            reason: "bans anew when it starts, and nobody would lift a ban that a file brings back",
            chains: ["sshguard"],
            sets: ["sshguard4", "sshguard6"],
            tables: ["sshguard"]
        ),
        RuleOwner(name: "kube-proxy", chains: ["KUBE-*"], sets: ["KUBE-*"], tables: ["kube-proxy"]),
        RuleOwner(name: "Calico", chains: ["cali-*"], sets: ["cali40*", "cali60*"], tables: ["calico"]),
        RuleOwner(name: "Cilium", chains: ["CILIUM_*", "OLD_CILIUM_*"]),
        RuleOwner(name: "Flannel", chains: ["FLANNEL-*"], tables: ["flannel-ipv4", "flannel-ipv6"]),
        RuleOwner(name: "libvirt", chains: ["LIBVIRT_*"], tables: ["libvirt_network"]),
        RuleOwner(name: "LXD", tables: ["lxd", "lxc", "incus"]),
        RuleOwner(name: "Tailscale", chains: ["ts-*"]),
        RuleOwner(name: "wg-quick", tables: ["wg-quick-*"]),
        RuleOwner(name: "miniupnpd", chains: ["MINIUPNPD*"], tables: ["miniupnpd"]),
        RuleOwner(name: "firewalld", tables: ["firewalld"]),
        RuleOwner(name: "ufw", chains: ["ufw-*", "ufw6-*"]),
    ]

    /// Those whose rules are left out.
    static func leftOut(everyone: Bool) -> [RuleOwner] { everyone ? [wallwright] : [wallwright] + others }
}
