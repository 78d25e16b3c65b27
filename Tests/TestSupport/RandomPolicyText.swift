/// Policies as people write them, from a seed: every key of the language, over few names, ports and addresses, so that
/// lines meet often. Some say what a reader refuses.
package struct RandomPolicyText {
    private var generator: SplitMix64

    package init(seed: UInt64) {
        generator = SplitMix64(state: seed &* 0x9E37_79B9 &+ 1)
    }

    package mutating func policy() -> String {
        var sections = ["wallwright: 1", definitions()]
        sections += ["inbound", "outbound", "forward"].map { direction in
            list(direction, one([1, 2, 3, 4]), direction == "forward" && chance(3) ? 0 : 1) {
                $0.line(direction)
            }
        }
        sections += [baseline(), log(), management(), nat(), containers(), ending()]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n") + "\n"
    }

    // MARK: Sections

    private func definitions() -> String {
        """
        services:
          game: [tcp/25565, udp/25565-25567]
          web: [http, https, game]
        sets:
          office: [203.0.113.8/30, "2001:db8:1::/64", 203.0.113.40-203.0.113.47]
          friends: [office, 198.51.100.77]
          own: [192.0.2.1, "2001:db8:2::1"]
          names: {dns: [db1.example.net, db2.example.net], private: true}
        interfaces:
          lan: [eth1, "wg*"]
          wan: eth0
          inside: [lan, docker0]
        """
    }

    private mutating func line(_ direction: String) -> String {
        let denies = chance(3)
        var keys = [denies ? denied() : "allow: \(list(of: services, one([1, 1, 2, 3])))"]
        let isOutbound = direction == "outbound"
        if chance(3) { keys.append("from: \(list(of: isOutbound ? Self.own : Self.remote, one([1, 1, 2])))") }
        let destinations = direction == "inbound" ? Self.own : Self.remote
        if chance(isOutbound ? 2 : 4) { keys.append("to: \(list(of: destinations, one([1, 1, 2])))") }
        if !isOutbound, chance(direction == "forward" ? 2 : 4) {
            keys.append("in: \(list(of: Self.interfaces, one([1, 1, 2])))")
        }
        if direction != "inbound", chance(direction == "forward" ? 2 : 4) {
            keys.append("out: \(list(of: Self.interfaces, one([1, 1, 2])))")
        }
        if isOutbound, chance(5) { keys.append("user: \(list(of: ["0", "1000", "2000-2010"], 1))") }
        if chance(5) { keys.append("except: \(exception())") }
        if !denies, chance(4) { keys.append("limit: \(one(Self.limits))") }
        if denies, chance(3) { keys.append("reject: true") }
        if chance(6) { keys.append("log: \(one(["true", "false", "2/minute"]))") }
        if chance(6) { keys.append("until: \(one(["2037-12-01", "2037-06-01T18:30+02:00", "2020-01-01"]))") }
        if chance(8) { keys.append("comment: \"it's a test: yes\"") }
        return keys.joined(separator: "\n    ")
    }

    private mutating func denied() -> String {
        chance(2) ? "deny: any" : "deny: \(list(of: services.filter { $0 != "any" }, one([1, 2])))"
    }

    private mutating func exception() -> String {
        if chance(2) { return list(of: Self.remote, 1) }
        let services = list(of: ["smtp", "telnet", "tcp/8443", "http", "ping"], 1)
        return one(["{services: \(services)}", "{from: 203.0.113.9, services: \(services)}", "{to: own}"])
    }

    private mutating func baseline() -> String {
        let parts = Self.parts.filter { _ in chance(10) }.map { "  \($0): \(chance(2))" }
        return parts.isEmpty ? "" : (["baseline:"] + parts).joined(separator: "\n")
    }

    private mutating func log() -> String {
        let dropped = one(["5/minute", "3/hour", "2/second", "false"])
        return one([
            "", "log: {dropped: \(dropped)}", "log: {dropped: \(dropped), level: warn, prefix: fw.1}",
            "log: {dropped: \(dropped), group: 7}",
        ])
    }

    private mutating func management() -> String {
        one([
            "", "", "management: none", "management: {ports: [22, 2222]}",
            "management: {from: \(list(of: Self.remote, 1))}", "management: {ports: 22, from: [office]}",
        ])
    }

    private mutating func nat() -> String {
        guard chance(2) else { return "" }
        return list("nat", one([1, 2]), 1) { $0.translation() }
    }

    private mutating func translation() -> String {
        var keys: [String]
        switch one([0, 1, 1, 2]) {
        case 0:
            keys = ["masquerade: true", "out: \(list(of: Self.interfaces, 1))"]
            if chance(3) { keys.append("to: \(list(of: Self.remote, 1))") }
        case 1:
            keys = [
                "redirect: \(list(of: Self.asked, one([1, 2])))", "to-port: \(one(["8080", "53", "443"]))",
            ]
            if chance(4) { keys.append("to: \(list(of: Self.own, 1))") }
        default:
            let targets = ["192.168.1.10:443", "192.168.1.10", "[2001:db8:3::10]:443", "2001:db8:3::10"]
            keys = ["port-forward: \(list(of: Self.asked, one([1, 2])))", "to: \"\(one(targets))\""]
        }
        if !keys[0].hasPrefix("masquerade"), chance(2) { keys.append("in: \(list(of: Self.interfaces, 1))") }
        if chance(3) { keys.append("from: \(list(of: Self.remote, 1))") }
        return keys.joined(separator: "\n    ")
    }

    private mutating func containers() -> String {
        guard chance(3) else { return "" }
        var keys = ["containers:", "  outbound: \(one(["allow", "deny"]))"]
        if chance(2) {
            keys += ["  published:", "    - \(one(Self.asked))"]
            if chance(2) {
                keys += ["    - allow: tcp/8081", "      from: office", "      except: 203.0.113.9"]
            }
        }
        if chance(2) { keys.append("  bridges: \(one(["docker0", "[docker0, \"br-*\"]", "[\"virbr*\"]"]))") }
        for part in ["same-bridge", "host-to-bridge", "guest-services"] where chance(3) {
            keys.append("  \(part): \(chance(2))")
        }
        return keys.joined(separator: "\n")
    }

    private mutating func ending() -> String {
        one([
            "", "rest: reject", "rest: {inbound: drop, outbound: reject, forward: drop}",
            "backend: auto\ncut: true",
            "rest: {inbound: reject, forward: reject}\ncut: false",
        ])
    }

    // MARK: Words

    private var services: [String] {
        [
            "any", "ssh", "http", "https", "dns", "ping", "mysql", "web", "game", "tcp/8443",
            "udp/60000-60010",
            "tcp/1-1024", "tcp", "udp", "icmp", "icmpv6", "icmp/echo-request", "icmpv6/128", "icmp/3/4",
            "icmp/timestamp-request", "gre", "esp", "ah", "igmp", "sctp/5000", "sctp", "dccp/5001",
            "udplite/5002",
            "protocol/112",
        ]
    }

    private static let asked = ["http", "dns", "tcp/8443", "udp/5000-5010", "web", "tcp"]
    private static let remote = [
        "203.0.113.9", "203.0.113.0/24", "203.0.113.8-203.0.113.20", "0.0.0.0/0", "\"::/0\"", "10.1.0.0/16",
        "office", "friends", "names", "local-networks", "\"2001:db8:1::9\"", "\"2001:db8:1::/48\"",
        "\"2001:db8:1::8-2001:db8:1::20\"", "0.0.0.0/1", "\"8000::/1\"",
    ]
    private static let own = [
        "own", "192.0.2.1", "192.0.2.0/30", "\"2001:db8:2::1\"", "\"2001:db8:2::/64\"", "0.0.0.0/0",
        "\"::/0\"",
    ]
    private static let interfaces = ["eth0", "eth1", "\"wg*\"", "lan", "wan", "inside", "docker0", "lo"]
    private static let limits = [
        "3/minute", "2/hour burst 4 per source", "5/second per source/128", "4/minute per destination",
        "3/minute per source/48", "2/hour burst 3 per destination/64", "1/minute",
    ]
    private static let parts = [
        "loopback", "icmp-errors", "helpers", "invalid", "impossible-flags", "spoofed-loopback",
        "mapped-addresses",
        "reverse-path", "own-addresses", "neighbour-discovery", "multicast-listener", "dhcp", "dhcpv6",
    ]

    // MARK: Chance

    /// A section that is a list of so many entries; so many at least.
    private mutating func list(
        _ name: String,
        _ count: Int,
        _ least: Int,
        _ entry: (inout RandomPolicyText) -> String
    ) -> String {
        let count = least == 0 ? 0 : count
        guard count > 0 else { return "" }
        return ([name + ":"] + (0..<count).map { _ in "  - " + entry(&self) }).joined(separator: "\n")
    }

    private mutating func list(of words: [String], _ count: Int) -> String {
        var chosen: [String] = []
        for _ in 0..<count {
            let word = one(words)
            if !chosen.contains(word), word != "any" || chosen.isEmpty { chosen.append(word) }
            if word == "any" { break }
        }
        return chosen.count == 1 ? chosen[0] : "[" + chosen.joined(separator: ", ") + "]"
    }

    private mutating func one<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &generator)]
    }

    private mutating func chance(_ inverse: Int) -> Bool {
        Int.random(in: 0..<inverse, using: &generator) == 0
    }
}
