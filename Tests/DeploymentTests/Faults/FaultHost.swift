import Foundation
import Glibc
import Kernel
import PacketModel
import Synchronization
import Testing

@testable import Deployment

/// A host whose tools are spied on, so that something can go wrong at a system call that was chosen.
final class FaultHost: Sendable {
    let host: TestHost
    /// What is told to load the firewall at boot.
    let root: PersistentHost?
    private let spies: ToolSpies
    private let number: Int
    private let clock: WrongClock?

    private static let made = Mutex(0)

    /// `way` is that of a distribution whose root the host has; its state is in there then.
    static func make(way: Software? = nil, withClock: Bool = false) async throws -> FaultHost? {
        let network = try await TestNetwork.make(links: [.init(name: "eth0", number: 1)])
        let folder = try TestHost.makeFolder()
        let spies = try ToolSpies(in: folder, for: network.inside)
        let clock = withClock ? try await WrongClock.make(in: folder, and: spies.mounting) : nil
        let mounts =
            withClock ? clock?.mounts : try await PrivateMounts.make(by: spies.mounting, in: folder)
        let root = try way.map { try PersistentHost([$0]) }
        let host = TestHost(network, folder: folder, state: root?.state, mounts: mounts)
        guard mounts != nil else { return nil }
        return FaultHost(host, root, spies, clock)
    }

    private init(_ host: TestHost, _ root: PersistentHost?, _ spies: ToolSpies, _ clock: WrongClock?) {
        (self.host, self.root, self.spies, self.clock) = (host, root, spies, clock)
        number = Self.made.withLock {
            $0 += 1
            return $0
        }
    }

    /// Runs `wallwright` on one processor: its threads are few then, and do the same each time.
    func start(_ arguments: [String], tracing options: String = "") async throws -> RunningCommand {
        let strace =
            options.isEmpty ? [] : ["/usr/bin/strace"] + options.split(separator: " ").map(String.init)
        let processor = [
            "/usr/bin/taskset", "--cpu-list", "\(number % ProcessInfo.processInfo.activeProcessorCount)",
        ]
        return try await host.start(
            host.wrapper + processor + strace + [TestHost.program] + arguments,
            saying: "\(host.folder)/\(Self.said)"
        )
    }

    func run(_ arguments: String...) async throws -> CommandResult {
        try await host.start(host.wrapper + [TestHost.program] + arguments + ["--state", host.state])
            .result()
    }

    /// Where a command says what it has to say.
    private static let said = "said"

    /// Lists all calls of a command, and of what it starts, until they have ended.
    func trace(_ arguments: [String], until isOver: () async throws -> Void) async throws -> StraceLog {
        let calls = FaultSite.calls.joined(separator: ",")
        let command = try await start(
            arguments,
            tracing: "\(ToolSpies.options) --seccomp-bpf -o \(spies.log) -e trace=\(calls)"
        )
        let result = try await command.result()
        try #require(result.status == 0, "\(result)")
        try await isOver()
        let isWritten = try await host.waits(.seconds(10)) {
            TestProcesses.mentioning("strace\u{0}", and: spies.log).isEmpty
        }
        try #require(isWritten, "strace does not end")
        return StraceLog(try String(contentsOfFile: spies.log, encoding: .utf8), spiesIn: host.folder)
    }

    /// Runs a command that is disturbed at the site.
    func run(_ arguments: [String], disturbedAt site: FaultSite, by fault: FaultSite.Fault) async throws
        -> RunningCommand
    {
        let options = site.options(fault, on: self)
        try spies.arm(.init(gate: site.gate, how: site.how, options: options))
        let isFromStart = site.gate == nil
        return try await start(
            arguments,
            tracing: isFromStart ? "\(ToolSpies.options) -o \(spies.log) \(options)" : ""
        )
    }

    /// The call that was disturbed, in the words of a site; nil when none was.
    func disturbed(_ site: FaultSite) -> String? {
        guard let log = try? String(contentsOfFile: spies.log, encoding: .utf8) else { return nil }
        return StraceLine.disturbed(in: log, named: site.call)
            .flatMap { CallWords(site.call, $0.text, on: self)?.words }
    }

    /// Nothing happens any more, and gates are counted from now on.
    func disarm() throws { try spies.reset() }

    /// The gates that were passed since it was disarmed last.
    func passedGates() throws -> [String] { try spies.passed() }

    func spoilListings(_ how: ToolSpies.Plan.How, at gate: String) throws {
        try spies.arm(.init(gate: gate, how: how, options: ""))
    }

    var listingsAreSpoilt: Bool { spies.isSpoilt }

    /// Sets the clock at a gate, or at once.
    func setClock(_ seconds: Int, at gate: String?) throws {
        if let gate {
            try spies.arm(.init(gate: gate, how: .clock, options: "\(seconds)"))
        } else {
            try clock?.set(seconds)
        }
    }

    func clockIsSet(_ seconds: Int) throws -> Bool {
        let text = try String(contentsOfFile: WrongClock.offset(in: host.folder), encoding: .utf8)
        return Int(text.prefix { $0 != "\n" }) == seconds
    }

    /// The places of the host, and what stands for each.
    private var places: [(String, String)] {
        let namespace = (try? NetworkNamespace.inode(of: host.network.inside.path)).map { "\($0)" } ?? "-"
        return [
            (host.state, "{state}"), (root?.root ?? "-", "{root}"), (root?.folder ?? "-", "{image}"),
            (host.folder, "{folder}"), ("/run/wallwright/watch-\(namespace)", "/run/wallwright/{namespace}"),
        ]
    }

    /// A text without what is of this host alone.
    func general(_ text: String) -> String {
        places.reduce(text) { $1.0 == "-" ? $0 : $0.replacing($1.0, with: $1.1) }
    }

    /// A path on this host.
    func place(_ path: String) -> String {
        places.reduce(path) { $0.replacing($1.1, with: $1.0) }
    }
}
