import Foundation
import Glibc
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// The program is replaced, or removed, while a change waits: the guard runs what it was started from.
@Suite(.needsRoot) struct UpgradeKernelTests {
    enum Event: CaseIterable, Sendable {
        case upgrade, removal
    }

    @Test func theWayBackIsNotLost() async throws {
        try await together(Event.allCases) { event in
            let host = try await TestHost.make()
            let program = "\(host.folder)/wallwright"
            // By another process: a file that is open for writing in a child of this one cannot be run.
            try await Tool(named: "cp").run([TestHost.program, program])
            let path = try host.policy(TestHost.ssh)
            let arguments = ["apply", path, "--confirm-within", "5s", "--state", host.state]
            let applied = try await host.start([program] + arguments).result()
            #expect(applied.status == 0, "\(applied)")
            switch event {
            case .upgrade:
                let next = "\(program).new"
                try "#!/bin/sh\nexit 1\n".write(toFile: next, atomically: true, encoding: .utf8)
                #expect(unsafe chmod(next, 0o755) == 0)
                #expect(unsafe rename(next, program) == 0)
            case .removal:
                try FileManager.default.removeItem(atPath: program)
            }
            let inner = host.workers(inner: true)
            for process in inner { kill(process, SIGKILL) }
            let isAnother = try await host.waits(.seconds(4)) {
                let workers = host.workers(inner: true)
                return !workers.isEmpty && !workers.contains { inner.contains($0) }
            }
            #expect(isAnother, "\(event)")
            #expect(try await host.settles(within: .seconds(20)), "\(event)")
            #expect(try host.outcomes() == [.rolledBack], "\(event)")
            let reason = try host.opened().decision(1)?.reason
            #expect(reason == "nobody confirmed it in time", "\(event)")
            #expect(try await host.firewall.listing().isEmpty, "\(event)")
        }
    }
}
