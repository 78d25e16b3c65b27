import Compiler
import Foundation
import Kernel
import Testing

@testable import Deployment

/// Something that a person, a guard or a boot does to the firewall of a host, from a state that is made for it.
struct FaultStep: Hashable, Sendable, CustomStringConvertible {
    enum Kind: String, Sendable {
        /// Of another policy than that which is confirmed.
        case apply
        /// Nobody confirms, and the guard takes it back.
        case deadline
        case confirm
        /// Of what waits.
        case rollback
        /// To the generation before.
        case rollbackTo = "rollback --to"
        case boot
        /// Another generation waited when the machine went down.
        case bootOverWaiting = "boot over what waited"
        case enable
        case disable
    }

    var kind: Kind
    var backend = BackendKind.nftables
    /// What is enabled, before or by the step.
    var way: Software?

    var description: String {
        let names = [kind.rawValue, way?.rawValue, backend == .nftables ? nil : backend.rawValue]
        return names.compactMap(\.self).joined(separator: " ")
    }

    /// All that the lane does.
    static let all =
        [.apply, .deadline, .confirm, .rollback, .rollbackTo, .boot, .bootOverWaiting].map {
            FaultStep(kind: $0)
        }
        + [.apply, .deadline, .confirm, .rollback, .boot].map { FaultStep(kind: $0, backend: .iptablesNft) }
        + [.apply, .deadline, .rollback, .boot].map { FaultStep(kind: $0, backend: .iptablesLegacy) }
        + [FaultStep(kind: .confirm, way: .nftables)]
        + [Software.systemd, .nftables, .netfilterPersistent, .iptablesServices].flatMap { way in
            [Kind.enable, .disable].map { FaultStep(kind: $0, backend: way.backends[0], way: way) }
        }

    /// Whose system calls the step is about, by the beginning of their gate; the command itself has none.
    func concerns(_ process: StraceLog.Process) -> Bool {
        let isCommands = process.name == "command" || process.start?.hasPrefix("command, ") == true
        let isGuards = process.name.hasPrefix("guard") || process.start?.hasPrefix("guard") == true
        return kind == .deadline ? isGuards : isCommands && !isGuards
    }

    /// The two firewalls between which the host goes.
    static let old = TestHost.web
    static let new = TestHost.ssh

    /// A host on which the step can be done at once.
    func host(
        _ states: FaultStates,
        within time: String = "5m",
        withClock: Bool = false
    ) async throws -> (FaultHost, ticket: String)? {
        guard let host = try await FaultHost.make(way: way, withClock: withClock) else { return nil }
        let given: FaultStates.Given =
            switch kind {
            case .apply, .deadline, .confirm, .rollback, .enable, .disable: .one
            case .rollbackTo, .boot: .two
            case .bootOverWaiting: .waiting
            }
        try await states.copy(given, backend, to: host.host.state)
        var ticket = ""
        if kind != .boot && kind != .bootOverWaiting {
            let boot = try await host.run("boot")
            try #require(boot.status == 0, "\(boot)")
        }
        if let way, kind != .enable {
            let enabled = try await host.enable(way)
            try #require(enabled.status == 0, "\(enabled)")
        }
        if kind == .confirm || kind == .rollback {
            ticket = try await host.host.apply(Self.new, on: backend, within: time).ticket
        }
        try host.disarm()
        return (host, ticket)
    }

    /// The words of the command.
    func arguments(_ host: FaultHost, _ ticket: String) throws -> [String] {
        let words: [String]
        switch kind {
        case .apply, .deadline:
            let policy = try host.host.policy(Self.new)
            let time = kind == .deadline ? "5s" : "5m"
            words = ["apply", policy, "--backend", backend.rawValue, "--confirm-within", time]
        case .confirm: words = ["confirm", ticket, "--same-session"]
        case .rollback: words = ["rollback"]
        case .rollbackTo: words = ["rollback", "--to", "1"]
        case .boot, .bootOverWaiting: words = ["boot"]
        case .enable: return try host.enabling(way)
        case .disable: return ["disable"] + (try host.rooted())
        }
        return words + ["--state", host.host.state]
    }
}

extension FaultHost {
    fileprivate func rooted() throws -> [String] { ["--root", try #require(root).root] }

    fileprivate func enabling(_ way: Software?) throws -> [String] {
        ["enable", "--program", PersistentHost.program] + (try rooted())
            + (way.map { ["--using", $0.rawValue] } ?? [])
    }

    func enable(_ way: Software?) async throws -> CommandResult {
        try await host.start(host.wrapper + [TestHost.program] + enabling(way)).result()
    }

    func disable() async throws -> CommandResult {
        try await host.start(host.wrapper + [TestHost.program, "disable"] + rooted()).result()
    }
}
