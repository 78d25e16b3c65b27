import ArgumentParser
import Glibc

@main
struct Benchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wallwright-benchmarks",
        abstract: "Measures what Wallwright's rulesets cost to make, to load, and to each packet.",
        discussion: "Works as root, in network namespaces of its own. Exits with 1 if a limit is passed."
    )

    enum Part: String, ExpressibleByArgument, CaseIterable {
        case load, lists, rules, packets, iptables
    }

    @Option(help: "The wallwright to measure: a release build.")
    var wallwright: String

    @Option(help: "A folder that only root can write, for policies and rulesets.")
    var scratch: String

    @Option(parsing: .upToNextOption, help: "What to measure: load, lists, rules, packets, iptables.")
    var parts: [Part] = Part.allCases

    @Option(help: "The CPU on which packets are sent and received.")
    var cpu: Int32 = 1

    @Option(help: "Interleaved rounds for each epoch of a comparison.")
    var rounds = 150

    @Option(help: "How often a comparison is repeated in new namespaces.")
    var epochs = 4

    func validate() throws {
        guard rounds >= 15, rounds <= 2000 else { throw ValidationError("--rounds must be 15 to 2000") }
        guard epochs >= 1, epochs <= 20 else { throw ValidationError("--epochs must be 1 to 20") }
        guard getuid() == 0 else { throw ValidationError("network namespaces need root") }
    }

    func run() throws {
        let bench = Workbench(
            wallwright: wallwright,
            scratch: Scratch(path: scratch),
            cpu: cpu,
            rounds: rounds,
            epochs: epochs
        )
        var report = Report()
        // Loading first: what follows is pinned to one CPU.
        if parts.contains(.load) {
            try LoadBenchmark(bench: bench).run(&report)
            try BootBenchmark(bench: bench).run(&report)
        }
        if parts.contains(.lists) { try ListBenchmark(bench: bench).run(&report) }
        if parts.contains(.rules) { try RulesBenchmark(bench: bench).run(&report) }
        if parts.contains(.packets) { try PacketBenchmark(bench: bench).run(&report) }
        if parts.contains(.iptables) { try IptablesBenchmark(bench: bench).run(&report) }
        report.printConclusion()
        if !report.failures.isEmpty { throw ExitCode(1) }
    }
}
