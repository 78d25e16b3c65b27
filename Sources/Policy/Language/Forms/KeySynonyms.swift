/// What other firewalls and other tools call the keys of a policy.
enum KeySynonyms {
    static let policy = [
        "version": "wallwright", "in": "inbound", "input": "inbound", "incoming": "inbound",
        "ingress": "inbound",
        "out": "outbound", "output": "outbound", "outgoing": "outbound", "egress": "outbound",
        "forwarding": "forward", "forwarded": "forward", "routed": "forward", "logging": "log", "logs": "log",
        "zones": "interfaces", "addresses": "sets", "groups": "sets", "aliases": "sets", "lists": "sets",
        "ipsets": "sets", "docker": "containers", "translation": "nat", "ssh": "management",
        "default": "rest", "default-policy": "rest", "policy": "rest",
    ]

    private static let actions = [
        "accept": "allow", "permit": "allow", "pass": "allow", "open": "allow", "allowed": "allow",
        "service": "allow", "services": "allow",
        "drop": "deny", "block": "deny", "ban": "deny", "denied": "deny", "refuse": "deny",
    ]

    private static let parts = [
        "source": "from", "src": "from", "saddr": "from", "sources": "from", "source-address": "from",
        "source-ip": "from", "ip": "from", "address": "from",
        "destination": "to", "dest": "to", "dst": "to", "daddr": "to", "destinations": "to",
        "rate": "limit", "ratelimit": "limit", "rate-limit": "limit", "limits": "limit",
        "rate_limit": "limit",
        "description": "comment", "note": "comment", "name": "comment", "remark": "comment",
        "desc": "comment",
        "expires": "until", "expire": "until", "ends": "until", "valid-until": "until",
        "exclude": "except", "unless": "except", "exception": "except", "exceptions": "except",
        "logging": "log",
    ]

    /// `interface` means the one by which it came, or the one by which it leaves.
    static func line(interface: String) -> [String: String] {
        let interfaces = ["interface", "interfaces", "iface", "if", "dev", "device", "nic"].map {
            ($0, interface)
        }
        var all = actions.merging(parts) { first, _ in first }
        for (name, key) in interfaces { all[name] = key }
        for name in ["uid", "owner", "users"] { all[name] = "user" }
        for (name, key) in [("iif", "in"), ("iifname", "in"), ("oif", "out"), ("oifname", "out")] {
            all[name] = key
        }
        return all
    }

    static let published = actions.filter { $0.value == "allow" }.merging(parts) { first, _ in first }
}
