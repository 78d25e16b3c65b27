import Foundation
import Kernel
import SystemPackage
import TestSupport
import Testing

@testable import Deployment

/// The program is killed, or the disk fails, at each call that changes something; found by strace(1), `--inject`.
@Suite(.needsRoot, .enabled(if: Tool.isInstalled("strace"), "strace is not installed"))
struct EnablingFaultTests {
    /// Minutes; without it kills alone, at the calls that decide, are tried.
    private static let isWhole = ProcessInfo.processInfo.environment["WALLWRIGHT_FAULTS"] == "1"
    private static let calls =
        ["rename", "linkat", "symlink", "mkdir", "unlink"]
        + (isWhole ? ["renameat", "unlinkat", "rmdir", "write", "fsync", "fchmod", "fchown"] : [])
    private static let faults = ["signal=SIGKILL"] + (isWhole ? ["error=EIO", "error=ENOSPC"] : [])
    private static let ways: [Software] =
        [.iptablesServices, .nftables] + (isWhole ? [.systemd, .netfilterPersistent] : [])

    @Test(arguments: ways)
    func disableAndEnableFindTheirWayFromEverywhere(_ way: Software) async throws {
        let host = try PersistentHost([way])
        try host.write("/etc/nftables.conf", "flush ruleset", mode: 0o755)
        try host.write("/etc/sysconfig/iptables", "*filter\nCOMMIT\n", mode: 0o640)
        try await host.confirm(EnablingTests.lines, way.backends[0])
        let before = try host.tree()
        try await host.enable()
        let enabled = try host.tree()
        _ = try await host.persistence().disable()
        for call in Self.calls {
            for (number, fault) in (1...30).flatMap({ number in Self.faults.map { (number, $0) } }) {
                let inject = "\(call):\(fault):when=\(number)"
                guard await run("enable", on: host, inject) else {
                    if fault == Self.faults[0] { break }
                    continue
                }
                _ = try await host.persistence().disable()
                #expect(try host.tree() == before, "disable after enable, \(inject)")
                _ = await run("enable", on: host, inject)
                try await host.enable()
                #expect(try host.tree() == enabled, "enable after enable, \(inject)")
                _ = await run("disable", on: host, inject)
                _ = try await host.persistence().disable()
                #expect(try host.tree() == before, "disable after disable, \(inject)")
            }
        }
    }

    /// Whether the fault came: the run then did not end well, or took it for something that need not be.
    private func run(_ verb: String, on host: PersistentHost, _ inject: String) async -> Bool {
        let log = "\(host.folder)/strace"
        let program = verb == "enable" ? ["--program", PersistentHost.program] : []
        do {
            try await Tool(named: "strace").run(
                ["-f", "-o", log, "-e", "trace=\(inject.prefix { $0 != ":" })", "-e", "inject=\(inject)"]
                    + [PersistentHost.built, verb, "--root", host.root] + program,
                text: ""
            )
        } catch {
            return true
        }
        do { return try String(contentsOfFile: log, encoding: .utf8).contains("INJECTED") } catch {
            return false
        }
    }
}
