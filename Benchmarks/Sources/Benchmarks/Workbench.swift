/// The program under test, the folder for its files, and how long to measure.
struct Workbench {
    let wallwright: String
    let scratch: Scratch
    let cpu: Int32
    let rounds: Int
    let epochs: Int

    /// Writes a policy and compiles it; the path of the result.
    func compiled(
        _ policy: String,
        name: String,
        backend: [String] = ["nftables"],
        suffix: String = "nft"
    ) throws -> String {
        let source = try scratch.write(policy, to: "\(name).yaml")
        let output = scratch.file("\(name).\(suffix)")
        try Tool.run([wallwright, "compile", source, "--backend"] + backend, output: output)
        return output
    }

    /// Our ruleset of a policy as a firewall to load.
    func ours(_ title: String, _ policy: String, name: String) throws -> Firewall {
        .nftables(title, file: try compiled(policy, name: name))
    }

    func handWritten(_ title: String, _ ruleset: String, name: String) throws -> Firewall {
        .nftables(title, file: try scratch.write(ruleset, to: "\(name).nft"))
    }

    /// Compares the firewalls with this traffic and describes each by its ratios.
    ///
    /// The first firewall must be no firewall at all.
    func compare(
        _ traffic: Traffic,
        _ firewalls: [Firewall],
        limits: [Limit],
        rounds: Int? = nil
    ) throws -> [Finding] {
        let comparison = Comparison(
            traffic: traffic,
            firewalls: firewalls,
            rounds: rounds ?? self.rounds,
            epochs: epochs
        )
        let times = try comparison.run(on: cpu)
        let rows = firewalls.indices.map { index in
            Finding(
                subject: firewalls[index].name,
                value: "\(number(times.median(index), 0)) ns, \(number(times.ratio(index, to: 0), 3)) of none"
            )
        }
        let judged = limits.map { limit in
            let ratio = times.ratio(limit.subject, to: limit.reference)
            return Finding(
                subject: "\(firewalls[limit.subject].name) / \(firewalls[limit.reference].name)",
                value: number(ratio, 3),
                measured: ratio,
                limit: limit.ratio
            )
        }
        return rows + judged
    }

    /// How much longer one firewall may take than another, by their places in the comparison.
    struct Limit {
        var subject: Int
        var reference: Int
        var ratio: Double?
    }
}
