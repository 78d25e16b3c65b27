import Compiler
import Foundation
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// systemd's own judgement of the units.
@Suite(.needsRoot, .enabled(if: Tool.isInstalled("systemd-analyze"), "systemd-analyze is not installed"))
struct SystemdUnitTests {
    private static let units = ["wallwright.service", "wallwright-watch.service"]
    /// It has no sandbox, so that none can fail.
    private static let rescue = "wallwright-rescue.service"

    private func host(_ backend: BackendKind) async throws -> PersistentHost {
        let host = try PersistentHost([.systemd])
        try await host.confirm(EnablingTests.lines, backend)
        try await host.enable()
        // The units that every system has, which ours speak of.
        let folder = "\(host.root)/usr/lib/systemd/system"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await Tool(named: "cp").run(["-a", "/usr/lib/systemd/system/.", folder])
        return host
    }

    @Test(arguments: [BackendKind.nftables, .iptablesLegacy])
    func theyAreClean(_ backend: BackendKind) async throws {
        let host = try await host(backend)
        for unit in Self.units + [Self.rescue] {
            let path = "\(host.root)/etc/systemd/system/\(unit)"
            let script = "systemd-analyze verify --man=no '--root=\(host.root)' '\(path)' 2>&1"
            #expect(try await Tool(named: "sh").run(["-c", script], text: "") == "")
        }
    }

    /// Of 10; most services that run as root have 9.6.
    @Test func theyAreLittleExposed() async throws {
        let host = try await host(.nftables)
        for unit in Self.units {
            let said = try await Tool(named: "systemd-analyze").run(
                ["security", "--root=\(host.root)", "--offline=true", "--threshold=35", "--no-pager", unit],
                text: ""
            )
            #expect(said.contains("Overall exposure level for \(unit): "))
        }
    }

    /// What a disk that cannot be written, or a state that is not mounted, would make fail before anything is loaded.
    @Test func theSandboxAsksNothingOfTheDisk() async throws {
        let host = try await host(.nftables)
        let lines = try host.text("/etc/systemd/system/wallwright.service").split(separator: "\n")
        let needing = ["PrivateTmp=", "StateDirectory=", "LogsDirectory=", "CacheDirectory=", "DynamicUser="]
        for line in lines { #expect(!needing.contains { line.hasPrefix($0) }, "\(line)") }
        let paths = lines.filter { $0.hasPrefix("ReadWritePaths=") }
        #expect(paths == ["ReadWritePaths=-/var/lib/wallwright /run"])
        // And where it fails all the same, what comes after it has none.
        #expect(lines.contains { $0.hasPrefix("ExecStopPost=+/") })
        let rescue = try host.text("/etc/systemd/system/\(Self.rescue)").split(separator: "\n")
        let sandbox = lines.drop { !$0.hasPrefix("CapabilityBoundingSet=") }.prefix { $0 != "[Install]" }
        for line in sandbox { #expect(!rescue.contains(line), "\(line)") }
        #expect(rescue.contains("Before=network-pre.target shutdown.target"))
    }

    @Test func itIsThereBeforeTheNetworkAndAfterThoseWhoEmptyTables() async throws {
        let host = try await host(.nftables)
        let text = try host.text("/etc/systemd/system/wallwright.service").split(separator: "\n")
        for line in [
            "DefaultDependencies=no", "Before=network-pre.target shutdown.target", "Wants=network-pre.target",
            "RequiresMountsFor=/var/lib/wallwright /usr/local/bin/wallwright",
        ] {
            #expect(text.contains { $0 == line }, "\(line)")
        }
        #expect(text.contains { $0.hasPrefix("After=nftables.service ") })
        #expect(!text.contains { $0.contains("modprobe@") })
        #expect(text.contains("IPAddressDeny=any"))
        #expect(text.contains("OnFailure=wallwright-rescue.service"))
        // It asks name servers.
        #expect(!(try host.text("/etc/systemd/system/wallwright-watch.service").contains("IPAddressDeny")))
        let legacy = try await self.host(.iptablesLegacy)
        #expect(
            try legacy.text("/etc/systemd/system/wallwright.service").contains("modprobe@ip_tables.service")
        )
    }
}
