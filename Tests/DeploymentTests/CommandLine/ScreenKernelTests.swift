import Kernel
import TestSupport
import Testing

@testable import Deployment

/// The first week at a terminal of 80 columns and 24 rows.
@Suite(.needsRoot) struct ScreenKernelTests {
    /// A small screen where the program is set up for a host; each command of a story is typed as it stands.
    private static func terminal(_ host: TestHost) async throws -> TestTerminal {
        let terminal = try await TestTerminal(in: host, columns: 80, rows: 24)
        try await terminal.type(
            "w() { wallwright \"$@\" --state '\(host.state)'; }; cd '\(host.folder)'; clear"
        )
        return terminal
    }

    /// The terminal breaks no line by itself: what is longer than the screen is broken at a blank before.
    private static func holds(_ terminal: TestTerminal, _ situation: String) async throws {
        let (shown, joined) = (try await terminal.rows, try await terminal.screen)
        let typed = { (line: Substring) in line.hasPrefix("w ") || line.hasPrefix("clear") }
        let long = joined.split(separator: "\n").filter { $0.count > 80 && !typed($0) }
        // A path has no blank to break at.
        let cut = long.filter { line in !line.split(separator: " ").contains { $0.count > 40 } }
        #expect(cut.isEmpty, "\(situation): \(cut)\n\(shown)")
    }

    @Test func noWordIsCut() async throws {
        let host = try await TestHost.make()
        _ = try host.policy(
            "inbound:\n  - allow: ssh\n  - allow: [http, https]\n    limit: 50/minute per source\n  - allow: mysql\n"
                + "    from: [192.0.2.5, 2001:db8::5]\n  - allow: ping\noutbound:\n  - allow: [dns, ntp, http, https, ping]\n",
            named: "p.yaml"
        )
        let terminal = try await Self.terminal(host)
        for command in [
            "w plan p.yaml", "w status", "w history", "w rollback", "w confirm 1-aaaa", "w services web",
        ] {
            try await terminal.type("clear; \(command); echo END")
            try await terminal.shows("END", within: .seconds(20))
            try await Self.holds(terminal, command)
        }
        try await terminal.type("clear; w apply p.yaml; echo END")
        try await terminal.shows("s left): ", within: .seconds(20))
        try await Self.holds(terminal, "w apply p.yaml")
        // All that must be read to go on is on the screen.
        let rows = try await terminal.rows
        #expect(rows.contains("1. Leave this window alone"), "\(rows)")
        #expect(rows.contains("allows   inbound   ssh from anywhere"), "\(rows)")
        try await terminal.resize(columns: 60, rows: 20)
        try await terminal.type("yes")
        try await terminal.shows("yes is not the code; log in a second time, then type 1-")
        try await terminal.press("C-d")
        try await terminal.shows("that confirms nothing: log in a second time first")
        #expect(try host.outcomes() == [.pending])
        try await terminal.type(try host.opened().generation(1).code)
        try await terminal.shows("confirmed: generation 1 stays")
    }

    /// An input that is at its end for ever keeps nobody busy, and confirms nothing.
    @Test func anEndlessEndOfInputLeavesItToTheGuard() async throws {
        let host = try await TestHost.make()
        let path = try host.policy(TestHost.ssh)
        let terminal = try await TestTerminal(in: host)
        // What is left of the input is for nobody.
        let apply = "wallwright apply \(path) --state \(host.state) --confirm-within 5s"
        try await terminal.type("sh -c '\(apply); echo EXIT=$?; exec sleep 60'")
        try await terminal.shows("s left): ")
        for _ in 1...25 { try await terminal.press("C-d") }
        try await terminal.shows(
            "generation 1 was taken back: nobody confirmed it in time",
            within: .seconds(10)
        )
        try await terminal.shows("EXIT=1")
        #expect(try await host.firewall.listing().isEmpty)
    }
}
