/// How long rules of iptables take to be read and printed, and packets to be explained.
struct RulesBenchmark {
    let bench: Workbench
    var repetitions = 9

    func run(_ report: inout Report) throws {
        for (count, seconds, megabytes) in [(5_000, 0.05, 50.0), (100_000, 1, nil)] {
            try read(count, seconds: seconds, megabytes: megabytes, &report)
        }
        try explain(&report)
    }

    /// `fmt`, to what the real tool takes to check the same file.
    private func read(_ count: Int, seconds: Double, megabytes: Double?, _ report: inout Report) throws {
        let file = try bench.scratch.write(Self.saveFile(count), to: "rules-\(count).save")
        let output = bench.scratch.file("rules-\(count).printed")
        var mine: [Usage] = []
        var its: [Double] = []
        for _ in 0..<repetitions {
            mine.append(try Tool.run([bench.wallwright, "fmt", file], output: output))
            its.append(
                try NetworkNamespace().run {
                    try Tool.run(["/usr/sbin/iptables-nft-restore", "--test", file]).wall
                }
            )
        }
        let wall = mine.map(\.wall).median
        let peak = mine.map(\.peakMegabytes).max() ?? .infinity
        let ratio = zip(mine, its).map { $0.wall / $1 }.median
        report.section(
            "fmt of \(count) rules, \(repetitions) interleaved runs",
            [
                Finding(
                    subject: "seconds",
                    value: "\(number(wall, 3)), \(number(ratio, 2)) times iptables-restore --test",
                    measured: wall,
                    limit: seconds
                ),
                Finding(subject: "peak MB", value: number(peak, 1), measured: peak, limit: megabytes),
            ]
        )
    }

    /// 150,000 packets a second, with the reading of the packets and the writing of the answers.
    private func explain(_ report: inout Report) throws {
        let count = 300_000
        let rules = try bench.scratch.write(Self.saveFile(100), to: "explain.save")
        let packets = try bench.scratch.write(Self.packets(count), to: "packets.json")
        let output = bench.scratch.file("explained.json")
        let runs = try (0..<repetitions).map { _ in
            try Tool.run(
                [bench.wallwright, "explain", rules, "--packets", packets, "--json"],
                output: output
            )
        }
        let wall = runs.map(\.wall).median
        report.section(
            "explain of \(count) packets in JSON, 100 rules, \(repetitions) runs",
            [
                Finding(
                    subject: "seconds",
                    value: "\(number(wall, 2)), \(number(Double(count) / wall / 1_000, 0)) thousand a second",
                    measured: wall,
                    limit: 2
                )
            ]
        )
    }

    /// Rules for single networks and ports, as scripts make them.
    private static func saveFile(_ count: Int) -> String {
        var text = "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n"
        text += "-A INPUT -i lo -j ACCEPT\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
        for number in 2..<count {
            let name = number.isMultiple(of: 2) ? "tcp" : "udp"
            text += "-A INPUT -s 10.\(number / 256 % 256).\(number % 256).0/24 -p \(name) -m \(name)"
            text += " --dport \(1_024 + number % 60_000) -j ACCEPT\n"
        }
        return text + "COMMIT\n"
    }

    private static func packets(_ count: Int) -> String {
        var text = ""
        for number in 0..<count {
            text += "{\"family\":\"ipv4\",\"protocol\":\"\(number.isMultiple(of: 2) ? "tcp" : "udp")\""
            text +=
                ",\"source\":\"10.0.\(number / 7 % 256).\(number % 256)\",\"sourcePort\":\(20_000 + number % 40_000)"
            text += ",\"destination\":\"192.0.2.2\",\"destinationPort\":\(number * 31 % 65_536)"
            text += ",\"in\":\"eth0\",\"state\":\"new\"}\n"
        }
        return text
    }
}
