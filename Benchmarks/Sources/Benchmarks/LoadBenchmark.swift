/// Point 4: how long 10,000 lines take to check, compile and commit.
struct LoadBenchmark {
    let bench: Workbench
    var repetitions = 15

    func run(_ report: inout Report) throws {
        let entries = Entries.ipv4(10_000)
        let policy = PolicyText.lines(entries, proto: "tcp")
        let source = try bench.scratch.write(policy, to: "load.yaml")
        let checks = try repeated { try Tool.run([bench.wallwright, "check", source]) }
        let output = bench.scratch.file("load.compiled")
        let compiles = try repeated {
            try Tool.run(
                [bench.wallwright, "compile", source, "--backend", "nftables"],
                output: output
            )
        }
        report.section(
            "10,000 lines `allow: tcp/P from: S`: check and compile, \(repetitions) runs",
            Self.describe("check", checks) + Self.describe("compile", compiles)
        )

        let plain = try bench.scratch.write(HandWritten.plainSet(entries, proto: "tcp"), to: "load.nft")
        var mine: [Double] = []
        var its: [Double] = []
        for _ in 0..<repetitions {
            its.append(try Self.commit(plain).wall)
            mine.append(try Self.commit(output).wall)
        }
        let ratio = zip(mine, its).map(/).median
        report.section(
            "The same: commit by nft, \(repetitions) interleaved runs",
            [
                Finding(subject: "hand-written, one set", value: "\(number(its.median * 1000, 1)) ms"),
                Finding(
                    subject: "ours",
                    value: "\(number(mine.median * 1000, 1)) ms, \(number(ratio, 2)) times",
                    measured: ratio,
                    limit: 1.5
                ),
            ]
        )
    }

    /// Loads a file into a namespace of its own; only the loading is timed.
    static func commit(_ file: String) throws -> Usage {
        try NetworkNamespace().run { try Tool.run([Tool.nft, "-f", file], timeout: 300) }
    }

    private func repeated(_ body: () throws -> Usage) rethrows -> [Usage] {
        try (0..<repetitions).map { _ in try body() }
    }

    private static func describe(_ name: String, _ usages: [Usage]) -> [Finding] {
        let wall = usages.map(\.wall).median
        let peak = usages.map(\.peakMegabytes).max() ?? .infinity
        return [
            Finding(subject: "\(name), seconds", value: number(wall, 3), measured: wall, limit: 1),
            Finding(subject: "\(name), peak MB", value: number(peak, 1), measured: peak, limit: 200),
        ]
    }
}
