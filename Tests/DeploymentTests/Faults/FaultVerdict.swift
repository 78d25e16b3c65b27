import Compiler
import Foundation
import Kernel
import PacketModel
import Testing

@testable import Deployment

/// How a host stands after something went wrong: which firewall is live, which the next boot would load, what packets
/// say, and whether the next command works.
struct FaultVerdict: Sendable {
    enum Firewall: String, Sendable {
        case old, new, none, other
        /// What a boot takes where no generation can be loaded; it says so.
        case minimum
        /// What a boot that was killed leaves with iptables, whose families are loaded one after another: one of them whole,
        /// until the unit boots again.
        case oneFamily = "one family"
    }

    private(set) var live = Firewall.other
    private(set) var atBoot = Firewall.other
    /// Why the host is lost; none when it is not.
    private(set) var problems: [String] = []
    private let digests: FaultStates.Digests

    /// Looks at the host. A boot that failed, and it alone, may leave nothing, or the minimum if it says so; the next
    /// boot may load the minimum where the only confirmed generation is lost, and says so too.
    init(
        of host: FaultHost,
        _ digests: FaultStates.Digests,
        failedBoot: CommandResult? = nil,
        hasLostConfirmed: Bool = false
    ) async throws {
        self.digests = digests
        // Where the disk took no decision, a watch may be putting back what it takes for right: what counts is where that
        // ends.
        for _ in 0..<Self.looks {
            problems = []
            try await lookAtKernel(of: host, failedBoot: failedBoot)
            if problems.isEmpty { break }
            try await Task.sleep(for: .seconds(1))
        }
        let next = try await host.copyForBoot()
        let boot = try await next.run("boot")
        atBoot = firewall(try await next.digest())
        if atBoot == .other, boot.saysMinimum { atBoot = .minimum }
        if atBoot != .old && atBoot != .new && !(atBoot == .minimum && hasLostConfirmed) {
            problems.append("the next boot loads neither the old nor the new firewall: \(boot)")
        }
    }

    private static let looks = 5

    private mutating func lookAtKernel(of host: FaultHost, failedBoot: CommandResult?) async throws {
        live = firewall(try await host.host.digest())
        if live == .other, let failedBoot {
            let parts = try await host.host.firewall.listing().parts
            if failedBoot.saysMinimum {
                live = .minimum
            } else if failedBoot.isKilled, digests.parts.isSuperset(of: parts) {
                live = .oneFamily
            }
        }
        if live == .other || live == .none && failedBoot == nil {
            problems.append("neither the old nor the new firewall is live")
        }
        try await look(at: host, for: live)
    }

    func firewall(_ digest: String) -> Firewall {
        if digest == FirewallListing().digest { return .none }
        return digest == digests.old ? .old : digest == digests.new ? .new : .other
    }

    mutating func expect(_ isTrue: Bool, _ problem: @autoclosure () -> String) {
        if !isTrue { problems.append(problem()) }
    }

    /// Packets from another machine: management gets in, in both families; HTTP where the firewall lets it; what no
    /// firewall lets in does not.
    private mutating func look(at host: FaultHost, for live: Firewall) async throws {
        var expected: Set<String> = ["ipv4 22", "ipv6 22"]
        if live == .old || live == .none { expected.formUnion(["ipv4 80", "ipv6 80"]) }
        if live == .none { expected.formUnion(["ipv4 8080", "ipv6 8080"]) }
        var open = try await host.host.open(ports: Self.ports)
        // A machine that is busy may be late once.
        if open != expected { open = try await host.host.open(ports: Self.ports) }
        expect(
            open.isSuperset(of: ["ipv4 22", "ipv6 22"]),
            "management is shut: only \(open.sorted()) gets in"
        )
        if live != .other, live != .oneFamily {
            expect(open == expected, "\(live) is live, but what gets in is \(open.sorted())")
        }
    }

    private static let ports: [UInt16] = [22, 80, 8_080]

    /// It works, or it says why not.
    mutating func expectAnswer(_ result: CommandResult, _ what: String) {
        let isExplained = [1, 4].contains(result.status) && result.error.contains("wallwright: ")
        expect(result.status == 0 || isExplained, "\(what) neither works nor explains: \(result)")
    }

    /// The next commands where something of the state stays damaged: each works or explains, and none does harm.
    mutating func tryNextCommandsOverDamage(on host: FaultHost) async throws {
        let status = try await host.run("status")
        expect(status.output.isEmpty ? status.status != 0 : status.status < 2, "status: \(status)")
        if status.output.isEmpty { expectAnswer(status, "status") }
        for policy in [FaultStep.old, FaultStep.new] {
            let path = try host.host.policy(policy)
            let apply = try await host.run("apply", path, "--backend", "nftables", "--now", "--force")
            expectAnswer(apply, "apply")
            let wanted: Firewall = policy == FaultStep.old ? .old : .new
            let live = firewall(try await host.host.digest())
            expect(
                live == wanted || apply.status != 0 && live != .other && live != .none,
                "after an apply \(live) is live"
            )
        }
        try await look(at: host, for: firewall(try await host.host.digest()))
    }

    /// The next commands, as a person types them: how it stands, away with what waits, and the new policy once more.
    mutating func tryNextCommands(on host: FaultHost, _ backend: BackendKind) async throws {
        let status = try await host.run("status")
        expect([0, 1].contains(status.status) && !status.output.isEmpty, "status: \(status)")
        // What nobody guards yet is taken away by the next command; a rollback would go one further.
        if let number = try host.host.opened().undecided(), try host.host.opened().commitment(number) != nil {
            let back = try await host.run("rollback")
            expect(back.status == 0, "rollback: \(back)")
            expect(try host.host.opened().undecided() == nil, "something still waits after the rollback")
        }
        let wanted = firewall(try await host.host.digest()) == .new ? FaultStep.old : FaultStep.new
        let policy = try host.host.policy(wanted, named: "policy.yaml")
        let apply = try await host.run(
            "apply",
            policy,
            "--backend",
            backend.rawValue,
            "--now",
            "--force"
        )
        expect(apply.status == 0, "apply: \(apply)")
        let now = firewall(try await host.host.digest())
        expect(now == (wanted == FaultStep.old ? .old : .new), "after the next apply \(now) is live")
        let after = try await host.run("status")
        expect(after.status == 0, "status after the next apply: \(after)")
        let remains = try host.remains()
        expect(remains.isEmpty, "left behind: \(remains)")
    }
}

extension CommandResult {
    /// Exit statuses of shells, for signals.
    fileprivate var isKilled: Bool { status >= 128 }

    fileprivate var saysMinimum: Bool { error.contains("ONLY THE MINIMUM IS LOADED") }
}

extension FaultHost {
    /// The same disk in a machine that starts; the disk of this one stays as it is.
    func copyForBoot() async throws -> TestHost {
        let next = TestHost(try await .make(links: []), folder: try TestHost.makeFolder())
        try await copyTree(host.state, to: next.state)
        return next
    }

    /// Drafts that nobody needs any more; what is in the folder of a generation goes with it.
    func remains() throws -> [String] {
        let folders = [host.state, "\(host.state)/generations"]
        return try folders.flatMap { try FileManager.default.contentsOfDirectory(atPath: $0) }
            .filter { $0.hasSuffix(".new") || $0.hasPrefix(".") }
    }
}
