extension RuleOwner {
    /// Whether a rule is one of those that Docker writes into the built-in chains for its bridges, word for word (moby,
    /// libnetwork/drivers/bridge/setup_ip_tables_linux.go). A rule of a person's that names a bridge has another form.
    func writesForBridges(_ words: [String]) -> Bool {
        guard writesBridgeRules, words.count > 2 else { return false }
        let rule = Array(words.dropFirst(2))
        switch words[1] {
        case "FORWARD":
            let bridges = Set(
                rule.indices.dropLast().filter { ["-i", "-o"].contains(rule[$0]) }.map { rule[$0 + 1] }
            )
            guard let bridge = bridges.first, bridges.count == 1, Self.isBridge(bridge) else { return false }
            return [
                ["-o", bridge, "-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", "-j", "ACCEPT"],
                ["-i", bridge, "!", "-o", bridge, "-j", "ACCEPT"],
                ["-i", bridge, "-o", bridge, "-j", "ACCEPT"],
                ["-i", bridge, "-o", bridge, "-j", "DROP"],
            ].contains(rule)
        case "POSTROUTING":
            guard rule.suffix(2) == ["-j", "MASQUERADE"], rule.first == "-s" else { return false }
            // -s 172.17.0.0/16 ! -o docker0
            if rule.count == 7, rule[2...3] == ["!", "-o"] { return Self.isBridge(rule[4]) }
            // -s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 80: a container that calls itself.
            return rule.count == 12 && rule[2] == "-d" && rule[1] == rule[3] && rule[8] == "--dport"
        default: return false
        }
    }

    /// `docker0`, `docker_gwbridge`, `br-4ae1b6c2a7d0`.
    private static func isBridge(_ name: String) -> Bool {
        if name == "docker0" || name == "docker_gwbridge" { return true }
        let number = name.dropFirst("br-".count)
        return name.hasPrefix("br-") && number.count == 12 && number.allSatisfy(\.isHexDigit)
    }
}
