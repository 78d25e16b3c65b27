import Kernel
import TestSupport
import Testing

@testable import Deployment

/// More time for a change that waits.
@Suite(.needsRoot) struct MoreTimeKernelTests {
    @Test func theGuardWaitsForTheNewDeadline() async throws {
        let host = try await TestHost.make()
        _ = try await host.apply(TestHost.ssh, within: "5s")
        let first = try #require(try host.opened().commitment(1)?.deadline)
        let longer = try await host.run("confirm", "--extend", "3s")
        #expect(longer.status == 0, "\(longer)")
        #expect(longer.output.contains("generation 1 waits longer: it is taken back at "), "\(longer)")
        let second = try #require(try host.opened().commitment(1)?.deadline)
        #expect(abs(second - first - 3) < 0.001)
        // The old deadline passes, and it stands.
        #expect(try await host.waits(.seconds(10)) { BootClock.now.inSeconds > first + 1 })
        #expect(try host.outcomes() == [.pending])
        #expect(try await host.settles(within: .seconds(8)))
        #expect(try host.outcomes() == [.rolledBack])
        #expect(BootClock.now.inSeconds >= second)
        #expect(try await host.firewall.listing().isEmpty)
        let late = try await host.run("confirm", "--extend", "10m")
        #expect(late.status == 1 && late.error.contains("nothing waits to be confirmed"), "\(late)")
    }

    @Test func itIsConfirmedWithinTheNewTime() async throws {
        let host = try await TestHost.make()
        let ticket = try await host.apply(TestHost.ssh, within: "5s").ticket
        #expect(try await host.run("confirm", "--extend", "1m").status == 0)
        let first = BootClock.now.inSeconds
        #expect(try await host.waits(.seconds(10)) { BootClock.now.inSeconds > first + 5.5 })
        #expect(try await host.confirm(ticket).status == 0)
        #expect(try host.outcomes() == [.confirmed])
    }

    @Test func noChangeWaitsForEver() async throws {
        let host = try await TestHost.make()
        _ = try await host.apply(TestHost.ssh, within: "5m")
        let before = try host.opened().commitment(1)?.deadline
        for (words, status, says) in [
            (["--extend", "2d"], Int32(1), "no change waits longer than 24 hours"),
            (["--extend", "5"], 2, "a unit is missing: write 5s, 5m, 5h or 5d"),
            (["--extend", "5m", "1-aaaa"], 2, "--extend confirms nothing"),
        ] {
            let command = [TestHost.program, "confirm"] + words + ["--state", host.state]
            let result = try await host.start(command).result()
            #expect(result.status == status && result.error.contains(says), "\(result)")
        }
        #expect(try host.opened().commitment(1)?.deadline == before)
    }

    @Test func theCodeAloneIsEnough() async throws {
        let host = try await TestHost.make()
        let ticket = try await host.apply(TestHost.ssh).ticket
        let code = try #require(ticket.split(separator: "-").last).uppercased()
        let wrong = try await host.confirm("aaaa")
        #expect(wrong.status == 1 && wrong.error.contains("nothing is confirmed"), "\(wrong)")
        for _ in 1...2 {
            let confirmed = try await host.confirm(code)
            #expect(confirmed.status == 0, "\(confirmed)")
        }
        #expect(try host.outcomes() == [.confirmed])
    }
}
