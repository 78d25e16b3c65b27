/// Point 5: what a packet costs on nftables.
struct PacketBenchmark {
    let bench: Workbench

    func run(_ report: inout Report) throws {
        try newFlows(&report)
        try newFlowsIPv6(&report)
        try established(&report)
        try connections(&report)
    }

    private func conntrack() throws -> Firewall {
        try bench.handWritten(
            "connection tracking alone",
            HandWritten.connectionTracking,
            name: "conntrack"
        )
    }

    private func ours(_ count: Int, proto: String = "udp") throws -> Firewall {
        try bench.ours(
            "ours, \(count) lines",
            PolicyText.lines(Entries.ipv4(count), proto: proto),
            name: "ours-\(proto)-\(count)"
        )
    }

    private func newFlows(_ report: inout Report) throws {
        let plain = try bench.handWritten(
            "plain set, 10000 entries",
            HandWritten.plainSet(Entries.ipv4(10_000), proto: "udp"),
            name: "plain"
        )
        let firewalls =
            [.none, try conntrack(), plain] + (try [10, 100, 1_000, 10_000].map { try ours($0) })
        let limits =
            (3...6).map { Workbench.Limit(subject: $0, reference: 2, ratio: 1.05) }
            + [Workbench.Limit(subject: 6, reference: 3, ratio: 1.05)]
        report.section(
            "UDP over IPv4, each packet new",
            try bench.compare(.newUDP4, firewalls, limits: limits)
        )
        report.section(
            "The same from an ordinary UDP socket",
            try bench.compare(
                .socketUDP4,
                [firewalls[0], firewalls[1], plain, firewalls[6]],
                limits: [Workbench.Limit(subject: 3, reference: 2, ratio: 1.05)]
            )
        )
    }

    private func newFlowsIPv6(_ report: inout Report) throws {
        let entries = Entries.ipv6(10_000)
        let firewalls = [
            .none,
            try bench.handWritten(
                "plain set, 10000 entries",
                HandWritten.plainSet(entries, proto: "udp", family: "ip6"),
                name: "plain6"
            ),
            try bench.ours("ours, 10000 lines", PolicyText.lines(entries, proto: "udp"), name: "ours6"),
        ]
        report.section(
            "UDP over IPv6, each packet new",
            try bench.compare(
                .newUDP6,
                firewalls,
                limits: [Workbench.Limit(subject: 2, reference: 1, ratio: 1.05)]
            )
        )
    }

    private func established(_ report: inout Report) throws {
        let firewalls = [.none, try conntrack(), try ours(10), try ours(10_000)]
        report.section(
            "UDP over IPv4, established",
            try bench.compare(
                .establishedUDP4,
                firewalls,
                limits: [2, 3].map { Workbench.Limit(subject: $0, reference: 1, ratio: 1.03) }
            )
        )
    }

    private func connections(_ report: inout Report) throws {
        let firewalls = [.none, try conntrack(), try ours(10, proto: "tcp"), try ours(10_000, proto: "tcp")]
        report.section(
            "TCP connections, opened and closed",
            try bench.compare(
                .connections,
                firewalls,
                limits: [2, 3].map { Workbench.Limit(subject: $0, reference: 0, ratio: 1.22) },
                rounds: min(bench.rounds, 60)
            )
        )
    }
}
