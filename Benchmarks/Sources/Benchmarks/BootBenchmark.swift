/// How long a boot takes to load what was confirmed, beside the tool that does the loading.
struct BootBenchmark {
    let bench: Workbench
    var repetitions = 15

    func run(_ report: inout Report) throws {
        let policy = PolicyText.lines(Entries.ipv4(10_000), proto: "tcp")
        let state = try confirmed(policy, name: "boot")
        var mine: [Double] = []
        var its: [Double] = []
        for _ in 0..<repetitions {
            its.append(try LoadBenchmark.commit(state + Self.rules).wall)
            mine.append(try boot(state).wall)
        }
        let ratio = zip(mine, its).map(/).median
        report.section(
            "The same: boot, to nft alone, \(repetitions) interleaved runs",
            [
                Finding(subject: "nft -f of the same rules", value: "\(number(its.median * 1000, 1)) ms"),
                Finding(
                    subject: "boot",
                    value: "\(number(mine.median * 1000, 1)) ms, \(number(ratio, 2)) times",
                    measured: ratio,
                    limit: 2
                ),
            ]
        )
    }

    /// Where a generation keeps what nft loads.
    static let rules = "/generations/1/after/nftables.nft"

    /// Boots into a namespace of its own.
    func boot(_ state: String) throws -> Usage {
        try NetworkNamespace().run {
            try Tool.run([bench.wallwright, "boot", "--without-watch", "--state", state], timeout: 300)
        }
    }

    /// A state folder in which the policy is confirmed.
    func confirmed(_ policy: String, name: String) throws -> String {
        let source = try bench.scratch.write(policy, to: "\(name).yaml")
        let applied = bench.scratch.file("\(name).applied")
        let state = bench.scratch.file("\(name).state")
        try NetworkNamespace().run {
            let words = ["apply", source, "--now", "--backend", "nftables", "--state", applied]
            try Tool.run([bench.wallwright] + words, output: bench.scratch.file("\(name).said"), timeout: 300)
        }
        try Tool.run(["/bin/cp", "-a", applied, state])
        // The watch ends when its state is gone.
        try Tool.run(["/bin/rm", "-r", applied])
        return state
    }
}
