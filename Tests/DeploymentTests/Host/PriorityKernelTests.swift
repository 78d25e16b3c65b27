import Compiler
import Foundation
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// The threads of the program ask for a `nice` value that takes CAP_SYS_NICE, or the limit that the units give: the journal
/// would have a complaint of each that does not get it.
@Suite(.needsRoot) struct PriorityKernelTests {
    @Test(arguments: [["status"], ["boot", "--without-watch"]])
    func noThreadAsksForMoreThanTheLimit(_ command: [String]) async throws {
        let persistent = try PersistentHost([.systemd])
        try await persistent.confirm(EnablingTests.lines, .nftables)
        try await persistent.enable()
        let limit = try #require(Int(try persistent.unit("wallwright.service", "LimitNICE")))
        #expect(try persistent.unit("wallwright-watch.service", "LimitNICE") == "\(limit)")
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        let traced = try await host.start(
            ["/usr/bin/strace", "-f", "-e", "trace=setpriority", TestHost.program] + command
                + ["--state", host.state]
        ).result()
        let asked = traced.error.matches(of: /setpriority\(PRIO_PROCESS, 0, (-?[0-9]+)\)/).map {
            Int($0.1) ?? 0
        }
        #expect(try #require(asked.min(), "\(traced)") >= limit, "\(traced)")
    }
}
