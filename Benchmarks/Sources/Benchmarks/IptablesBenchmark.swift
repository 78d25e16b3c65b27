/// What a packet costs on iptables. Reported only.
struct IptablesBenchmark {
    let bench: Workbench

    func run(_ report: inout Report) throws {
        for variant in ["nft", "legacy"] {
            let firewalls = [
                .none, try conntrack(variant), try ours(10, variant), try ours(1_000, variant),
                try ours(10_000, variant),
            ]
            let limits = (2...4).map { Workbench.Limit(subject: $0, reference: 1, ratio: nil) }
            report.section(
                "iptables-\(variant): UDP over IPv4, each packet new",
                try bench.compare(.newUDP4, firewalls, limits: limits, rounds: min(bench.rounds, 60))
            )
            report.section(
                "iptables-\(variant): UDP over IPv4, established",
                try bench.compare(
                    .establishedUDP4,
                    firewalls,
                    limits: limits,
                    rounds: min(bench.rounds, 60)
                )
            )
        }
    }

    private func conntrack(_ variant: String) throws -> Firewall {
        let rules = "*filter\n-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\nCOMMIT\n"
        let file = try bench.scratch.write(rules, to: "conntrack-\(variant).rules")
        return Firewall(name: "connection tracking alone", commands: [Self.restore(variant, file)])
    }

    /// Our rules of a policy: the printed text holds lines for `ipset restore` and a save file.
    private func ours(_ count: Int, _ variant: String) throws -> Firewall {
        let name = "iptables-\(variant)-\(count)"
        let policy = PolicyText.lines(Entries.ipv4(count), proto: "udp")
        let compiled = try bench.compiled(
            policy,
            name: name,
            backend: ["iptables", "--family", "ipv4"],
            suffix: "compiled"
        )
        let lines = try Scratch.read(compiled).split(separator: "\n")
        let isSet = { (line: Substring) in line.hasPrefix("create ") || line.hasPrefix("add ") }
        let sets = lines.filter(isSet).joined(separator: "\n") + "\n"
        let rules = lines.filter { !isSet($0) }.joined(separator: "\n") + "\n"
        return Firewall(
            name: "ours, \(count) lines",
            commands: [
                ["/usr/sbin/ipset", "restore", "-file", try bench.scratch.write(sets, to: "\(name).sets")],
                Self.restore(variant, try bench.scratch.write(rules, to: "\(name).rules")),
            ]
        )
    }

    private static func restore(_ variant: String, _ file: String) -> [String] {
        ["/usr/sbin/iptables-\(variant)-restore", "--noflush", file]
    }
}
