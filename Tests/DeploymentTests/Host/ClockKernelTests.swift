import Foundation
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// Whoever sets the clock, by hand or by NTP: the deadline comes when it was said.
@Suite(.needsRoot) struct ClockKernelTests {
    /// Nil, said aloud, where there is no way to lie to the commands.
    private static func host() async throws -> (TestHost, WrongClock)? {
        let folder = try TestHost.makeFolder()
        let network = try await TestNetwork.make(links: [.init(name: "eth0", number: 1)])
        guard let clock = try await WrongClock.make(in: folder) else {
            print("no clang, or no overlay file system: tests of a clock that is set are skipped")
            _ = TestHost(network, folder: folder)
            return nil
        }
        return (TestHost(network, folder: folder, mounts: clock.mounts), clock)
    }

    @Test func aClockThatIsSetMovesNoDeadline() async throws {
        try await together([3_600, -3_600]) { (seconds: Int) in
            guard let (host, clock) = try await Self.host() else { return }
            _ = try await host.apply(TestHost.ssh, within: "6s")
            let commitment = try #require(try host.opened().commitment(1))
            try clock.set(seconds)
            try await Task.sleep(for: .seconds(3))
            #expect(try host.outcomes() == [.pending], "\(seconds)")
            #expect(try await host.digest() == commitment.digest)
            #expect(try await host.run("status").output.contains("taken back in 2 s"))
            #expect(try await host.settles(within: .seconds(8)))
            let late = BootClock.now.inSeconds - commitment.deadline
            #expect(late > 0 && late < 2, "\(seconds): \(late) s late")
            #expect(try await host.firewall.listing().isEmpty)
            // The guard saw the other clock: it wrote the time of its decision down by it.
            let decided = try #require(try host.opened().decision(1)?.time)
            #expect(abs(decided.timeIntervalSinceNow - Double(seconds)) < 60, "\(seconds): \(decided)")
        }
    }

    @Test func aConfirmationDoesNotAskTheClock() async throws {
        try await together([3_600, -3_600]) { (seconds: Int) in
            guard let (host, clock) = try await Self.host() else { return }
            let ticket = try await host.apply(TestHost.ssh).ticket
            try clock.set(seconds)
            #expect(try await host.confirm(ticket).status == 0)
            #expect(try host.outcomes() == [.confirmed])
            #expect(try await host.run("status").status == 0)
        }
    }
}
