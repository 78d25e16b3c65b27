extension RuleOwner {
    /// docs.docker.com, "Packet filtering and firewalls": DOCKER-USER is the administrator's. The rules for its bridges
    /// are those of moby's libnetwork/drivers/bridge, word for word: a rule of a person's that names a bridge has another
    /// form.
    static let docker = RuleOwner(
        name: "Docker",
        services: ["docker", "snap.docker.dockerd"],
        chains: ["DOCKER", "DOCKER-*"],
        chainsOfPeople: ["DOCKER-USER"],
        sets: ["docker-ext-bridges-*"],
        tables: ["docker-bridges"],
        rules: [
            "FORWARD -o <bridge> -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
            "FORWARD -i <bridge> ! -o <bridge> -j ACCEPT",
            "FORWARD -i <bridge> -o <bridge> -j ACCEPT",
            "FORWARD -i <bridge> -o <bridge> -j DROP",
            "POSTROUTING -s * ! -o <bridge> -j MASQUERADE",
            // Without userland-proxy: what this host itself sends to a published port.
            "POSTROUTING -o <bridge> -m addrtype --src-type LOCAL -j MASQUERADE",
            // A container that calls itself by a port that it publishes.
            "POSTROUTING -s <own> -d <own> -p <protocol> -m <protocol> --dport * -j MASQUERADE",
            "PREROUTING -d * ! -i <bridge> -j DROP",
            "PREROUTING -d * ! -i <bridge> -p <protocol> -m <protocol> --dport * -j DROP",
            "PREROUTING -d 127.0.0.1/32 ! -i lo -p <protocol> -m <protocol> --dport * -j DROP",
        ]
    )
}

/// The names that Docker gives to bridges.
enum DockerBridge {
    /// `docker0`, `docker_gwbridge`, `br-4ae1b6c2a7d0`.
    static func isName(_ name: String) -> Bool {
        if name == "docker0" || name == "docker_gwbridge" { return true }
        let number = name.dropFirst("br-".count)
        return name.hasPrefix("br-") && number.count == 12 && number.allSatisfy(\.isHexDigit)
    }
}
