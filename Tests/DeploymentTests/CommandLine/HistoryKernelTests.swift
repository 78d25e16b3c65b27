import Kernel
import TestSupport
import Testing

@testable import Deployment

/// What changed, and whether the file says what is live.
@Suite(.needsRoot) struct HistoryKernelTests {
    private static let first = "inbound:\n  - allow: ssh\n  - allow: mysql\n    from: 192.0.2.5\n"
    private static let second =
        "# reordered, and a comment\ninbound:\n  - allow: mysql\n    from: 192.0.2.6\n  - allow: ssh\nlog: {dropped: 5/minute}\n"

    @Test func historyAndDiffShowTheLines() async throws {
        let host = try await TestHost.make()
        try await host.settle(Self.first)
        try await host.settle(Self.second)
        try await host.settle(Self.first)
        let change = """
            inbound:
            -  - allow: mysql
            -    from: 192.0.2.5
            +  - allow: mysql
            +    from: 192.0.2.6
            log:
            +log: {dropped: 5/minute}

            """
        let diff = try await host.run("diff", "1", "2")
        #expect(
            diff.output.hasPrefix("from generation 1 to generation 2:\n" + change + "which means:\n"),
            "\(diff)"
        )
        #expect(diff.output.contains("opens    inbound   mysql from 192.0.2.6"), "\(diff)")
        #expect(diff.output.contains("closes   inbound   mysql from 192.0.2.5"), "\(diff)")
        let same = try await host.run("diff", "1")
        #expect(
            same.output.contains("from generation 1 to generation 3:\n  the lines are the same\n"),
            "\(same)"
        )
        let one = try await host.run("history", "2")
        #expect(one.output.contains("from generation 1 to generation 2:\n" + change), "\(one)")
        let history = try await host.run("history")
        #expect(history.output.contains("     +    from: 192.0.2.6\n     and 1 more\n"), "\(history)")
        #expect(history.output.contains("     the first: 4 lines added\n"), "\(history)")
        let missing = try await host.run("history", "9")
        #expect(missing.status == 1 && missing.error.contains("there is no generation 9"), "\(missing)")
    }

    @Test func statusSaysWhenTheFileIsNotWhatIsApplied() async throws {
        let host = try await TestHost.make()
        try await host.settle(Self.first)
        let told = "the file is not what is applied"
        #expect(!(try await host.run("status").output.contains("the file")))
        // Comments and the order of lines mean nothing.
        _ = try host.policy(
            "# a comment\ninbound:\n  - allow: mysql\n    from: 192.0.2.5\n\n  - allow: ssh\n"
        )
        #expect(!(try await host.run("status").output.contains("the file")))
        _ = try host.policy(Self.second)
        let edited = try await host.run("status")
        #expect(edited.status == 0, "a file that is being written needs nobody's hand: \(edited)")
        #expect(edited.output.contains("\(told): 3 lines added, 2 lines removed\n"), "\(edited)")
        // Applied and taken back: the file is ahead again.
        let path = "\(host.folder)/policy.yaml"
        #expect(try await host.run("apply", path, "--confirm-within", "5m").status == 0)
        #expect(!(try await host.run("status").output.contains("the file")))
        #expect(try await host.run("rollback").status == 0)
        #expect(try await host.run("status").output.contains(told))
        // After a rollback to an older one, too.
        try await host.settle(Self.second)
        let back = try await host.run("rollback", "--to", "1")
        #expect(try await host.confirm(try back.ticket).status == 0)
        let after = try await host.run("status")
        #expect(
            after.output.contains("as it was in generation 1\n") && after.output.contains(told),
            "\(after)"
        )
        _ = try await host.script("rm '\(path)'")
        #expect(try await host.run("status").output.contains("the file is gone"))
    }

    @Test func statusAndPlanSayWhatIsOpen() async throws {
        let host = try await TestHost.make()
        let lines =
            "inbound:\n  - allow: ssh\n  - allow: http\n    from: 192.0.2.0/24\n    in: eth0\n    limit: 5/minute per source\n"
        try await host.settle(lines + "log: {dropped: 5/minute, group: 7}\n")
        let open = "allows   inbound   http from 192.0.2.0/24 on eth0: 5/minute per source"
        let status = try await host.run("status")
        #expect(status.output.contains("\nwhat is open:\nallows   inbound   ssh from anywhere"), "\(status)")
        #expect(status.output.contains(open), "\(status)")
        #expect(status.output.contains("  log        NFLOG group 7: "), "\(status)")
        let path = try host.policy(lines + "  - deny: telnet\n", named: "next.yaml")
        let plan = try await host.run("plan", path)
        #expect(plan.output.contains("\nwhat is open then:\nallows   inbound   ssh from anywhere"), "\(plan)")
        #expect(plan.output.contains(open), "\(plan)")
        #expect(plan.output.contains("drops    inbound   telnet from anywhere: denied"), "\(plan)")
        let removed = try await host.run("remove")
        #expect(try await host.confirm(try removed.ticket).output == "confirmed: the firewall is removed\n")
        let bare = try await host.run("status")
        #expect(bare.output.contains("Wallwright blocks nothing now"), "\(bare)")
        #expect(!bare.output.contains("what is open"), "\(bare)")
    }
}
