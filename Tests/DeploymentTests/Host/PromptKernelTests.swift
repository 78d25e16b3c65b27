import Foundation
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// What a person at a terminal sees and types.
@Suite(.needsRoot) struct PromptKernelTests {
    /// A terminal in which a policy is applied.
    private static func terminal(_ host: TestHost, within time: String = "5m", after wait: String = "")
        async throws
        -> TestTerminal
    {
        let path = try host.policy(TestHost.ssh)
        let terminal = try await TestTerminal(in: host)
        let apply = "wallwright apply '\(path)' --state '\(host.state)' --confirm-within \(time)"
        try await terminal.type("\(wait)\(apply); echo EXIT=$?")
        return terminal
    }

    /// The code of the generation that waits.
    private static func code(_ host: TestHost) throws -> String { try host.opened().generation(1).code }

    @Test func onlyTheCodeConfirms() async throws {
        let host = try await TestHost.make()
        let terminal = try await Self.terminal(host, after: "clear; sleep 1; ")
        // Typed before the question: it answers nothing.
        try await terminal.press("Enter", "Enter")
        try await terminal.type("abcd")
        try await terminal.type("1-abcd")
        try await terminal.shows("1. Leave this window alone. Open a SECOND login to this server now.")
        try await terminal.shows("s left): ")
        try await Task.sleep(for: .milliseconds(300))
        let screen = try await terminal.screen
        #expect(!screen.contains("that confirms nothing") && !screen.contains("is not the code"), "\(screen)")
        #expect(screen.contains("generation 1 is live, and is taken back at "), "\(screen)")
        #expect(try host.outcomes() == [.pending])
        try await terminal.press("Enter")
        try await terminal.shows("that confirms nothing: log in a second time first, then type 1-")
        try await terminal.type("yes")
        try await terminal.shows("yes is not the code; log in a second time, then type 1-")
        #expect(try host.outcomes() == [.pending])
        try await terminal.type("  \(try Self.code(host).uppercased()) ")
        try await terminal.shows("confirmed: generation 1 stays")
        try await terminal.shows("EXIT=0")
        #expect(try host.outcomes() == [.confirmed])
        #expect(try await host.settles(within: .seconds(2)))
        #expect(try await host.open() == TestHost.sshAlone)
    }

    @Test func controlCTakesBackAtOnce() async throws {
        let host = try await TestHost.make()
        let terminal = try await Self.terminal(host)
        try await terminal.shows("s left): ")
        try await terminal.press("C-c")
        try await terminal.shows("generation 1 was taken back", within: .seconds(3))
        try await terminal.shows("the firewall from before is live")
        try await terminal.shows("EXIT=1")
        #expect(try await host.firewall.listing().isEmpty)
        #expect(try host.opened().decision(1)?.reason == "Ctrl-C")
    }

    @Test func aClosedTerminalLeavesItToTheGuard() async throws {
        let host = try await TestHost.make()
        let terminal = try await Self.terminal(host, within: "5s")
        try await terminal.shows("s left): ")
        try await terminal.close()
        #expect(try host.outcomes() == [.pending])
        #expect(try await host.settles(within: .seconds(8)))
        #expect(try await host.firewall.listing().isEmpty)
        #expect(try host.opened().decision(1)?.reason == "nobody confirmed it in time")
    }

    @Test(arguments: ["confirm", "rollback"])
    func whatIsDecidedElsewhereIsSaid(_ command: String) async throws {
        let host = try await TestHost.make()
        let terminal = try await Self.terminal(host)
        try await terminal.shows("s left): ")
        if command == "confirm" {
            #expect(try await host.confirm("1-\(try Self.code(host))").status == 0)
            try await terminal.shows("confirmed by root: generation 1 stays", within: .seconds(2))
            try await terminal.shows("EXIT=0")
        } else {
            #expect(try await host.run("rollback").status == 0)
            try await terminal.shows("generation 1 was taken back by root: by hand", within: .seconds(2))
            try await terminal.shows("EXIT=1")
        }
    }

    /// Stopped by Ctrl-Z while its time runs out, and woken.
    @Test func whoSleepsOverTheDeadlineIsToldSo() async throws {
        let host = try await TestHost.make()
        let terminal = try await Self.terminal(host, within: "5s")
        try await terminal.shows("s left): ")
        try await terminal.press("C-z")
        #expect(try await host.settles(within: .seconds(8)))
        try await terminal.type("fg")
        try await terminal.shows(
            "generation 1 was taken back: nobody confirmed it in time",
            within: .seconds(3)
        )
        #expect(try await host.firewall.listing().isEmpty)
    }
}
