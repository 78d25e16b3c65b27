/// What other firewalls and other tools call the keys of a policy.
enum KeySynonyms {
    static let directions = [
        "in": "inbound", "input": "inbound", "incoming": "inbound", "ingress": "inbound",
        "out": "outbound", "output": "outbound", "outgoing": "outbound", "egress": "outbound",
        "forwarding": "forward", "forwarded": "forward", "routed": "forward",
    ]

    static let policy = directions.merging([
        "version": "wallwright", "logging": "log", "logs": "log",
        "zones": "interfaces", "addresses": "sets", "groups": "sets", "aliases": "sets", "lists": "sets",
        "ipsets": "sets", "docker": "containers", "translation": "nat", "ssh": "management",
        "default": "rest", "default-policy": "rest", "defaults": "rest", "masquerading": "nat",
    ]) { first, _ in first }

    /// A list of lines under one of these names is what may come in.
    static let listsOfLines = [
        "rules", "rule", "policy", "firewall", "filter", "lines", "chain", "incoming-rules",
    ]

    static let log = [
        "denied": "dropped", "deny": "dropped", "drop": "dropped", "drops": "dropped", "all": "dropped",
        "rate": "dropped", "limit": "dropped", "rest": "dropped", "log-level": "level", "loglevel": "level",
        "log-prefix": "prefix", "nflog": "group", "nflog-group": "group",
    ]

    static let management = [
        "port": "ports", "ssh": "ports", "source": "from", "sources": "from", "allow": "from",
    ]

    static let baseline = [
        "lo": "loopback", "localhost": "loopback", "icmp": "icmp-errors", "ndp": "neighbour-discovery",
        "nd": "neighbour-discovery", "neighbor-discovery": "neighbour-discovery", "mld": "multicast-listener",
        "rp-filter": "reverse-path", "rp_filter": "reverse-path", "dhcp-client": "dhcp",
        "bad-flags": "impossible-flags",
    ]

    static let containers = [
        "ports": "published", "publish": "published", "expose": "published", "bridge": "bridges",
        "networks": "bridges", "network": "bridges", "egress": "outbound", "internet": "outbound",
    ]

    static let translation = [
        "dnat": "port-forward", "forward": "port-forward", "portforward": "port-forward",
        "forward-port": "port-forward", "port_forward": "port-forward", "snat": "masquerade",
        "masq": "masquerade",
        "nat": "masquerade", "redir": "redirect",
    ]

    static let target = [
        "to-addr": "to", "toaddr": "to", "to-address": "to", "to-destination": "to", "target": "to",
        "host": "to",
        "toport": "to-port", "to_port": "to-port", "to-ports": "to-port", "port": "to-port",
    ]

    private static let actions = [
        "accept": "allow", "permit": "allow", "pass": "allow", "open": "allow", "allowed": "allow",
        "service": "allow", "services": "allow", "add-service": "allow", "app": "allow",
        "application": "allow",
        "drop": "deny", "block": "deny", "ban": "deny", "denied": "deny", "refuse": "deny",
    ]

    private static let parts = [
        "source": "from", "src": "from", "saddr": "from", "sources": "from", "source-address": "from",
        "source-ip": "from", "remote": "from", "client": "from", "peer": "from", "ip": "from",
        "address": "from",
        "destination": "to", "dest": "to", "dst": "to", "daddr": "to", "destinations": "to",
        "rate": "limit", "ratelimit": "limit", "rate-limit": "limit", "limits": "limit",
        "rate_limit": "limit",
        "description": "comment", "note": "comment", "name": "comment", "remark": "comment",
        "desc": "comment",
        "expires": "until", "expire": "until", "for": "until", "timeout": "until", "ends": "until",
        "valid-until": "until",
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
