/// What long lists of banned addresses cost: to packets (100,000) and to load (1,000,000). Reported only.
struct ListBenchmark {
    let bench: Workbench

    func run(_ report: inout Report) throws {
        try million(&report)
        try packets(&report)
    }

    private func million(_ report: inout Report) throws {
        let list = try write(Entries.prefixes(1_000_000), to: "million.txt")
        let policy = PolicyText.banning(file: list, Entries.ipv4(10), proto: "udp")
        let source = try bench.scratch.write(policy, to: "million.yaml")
        let output = bench.scratch.file("million.compiled")
        let check = try Tool.run([bench.wallwright, "check", source], timeout: 300)
        let compile = try Tool.run(
            [bench.wallwright, "compile", source, "--backend", "nftables"],
            output: output,
            timeout: 300
        )
        let commit = try LoadBenchmark.commit(output)
        let starting = BootBenchmark(bench: bench)
        let boot = try starting.boot(try starting.confirmed(policy, name: "million-boot"))
        report.section(
            "A list file of 1,000,000 prefixes, banned",
            [("check", check), ("compile", compile), ("commit by nft", commit), ("boot", boot)].map {
                name,
                usage in
                Finding(
                    subject: name,
                    value: "\(number(usage.wall, 2)) s, peak \(number(usage.peakMegabytes, 0)) MB"
                )
            }
        )
    }

    private func packets(_ report: inout Report) throws {
        let addresses = Entries.addresses(100_000)
        let prefixes = Entries.mixedPrefixes(100_000)
        let lists = [
            ("100000 addresses", try write(addresses, to: "addresses.txt")),
            ("100000 of 2 lengths", try write(Entries.prefixes(100_000), to: "two-lengths.txt")),
            ("100000 of 16 lengths", try write(prefixes, to: "lengths.txt")),
        ]
        var firewalls = [
            Firewall.none,
            try bench.handWritten(
                "connection tracking alone",
                HandWritten.connectionTracking,
                name: "conntrack-bans"
            ),
            try bench.handWritten(
                "hand-written, 100000 addresses",
                HandWritten.bans(addresses, intervals: false),
                name: "bans"
            ),
            try bench.handWritten(
                "hand-written, 100000 of 16 lengths",
                HandWritten.bans(prefixes, intervals: true),
                name: "bans-i"
            ),
        ]
        for (title, list) in lists {
            let policy = PolicyText.banning(file: list, Entries.ipv4(1_000), proto: "udp")
            firewalls.append(
                try bench.ours("ours, 1000 lines, \(title)", policy, name: title.replacing(" ", with: "-"))
            )
        }
        let limits = [4, 5, 6].map { Workbench.Limit(subject: $0, reference: 1, ratio: nil) }
        report.section(
            "With bans: UDP over IPv4, each packet new",
            try bench.compare(.newUDP4, firewalls, limits: limits, rounds: 60)
        )
        report.section(
            "With bans: UDP over IPv4, established",
            try bench.compare(.establishedUDP4, firewalls, limits: limits, rounds: 60)
        )
    }

    private func write(_ members: [String], to name: String) throws -> String {
        try bench.scratch.write(members.joined(separator: "\n") + "\n", to: name)
    }
}
