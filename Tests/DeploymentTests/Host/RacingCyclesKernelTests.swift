import Compiler
import Foundation
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// Four people who change the firewall again and again at the same time leave nothing behind but what they decided.
@Suite(.needsRoot) struct RacingCyclesKernelTests {
    private static let people = 4

    /// `./test --faults` runs a thousand.
    private static var cycles: Int {
        ProcessInfo.processInfo.environment["WALLWRIGHT_CYCLES"].flatMap(Int.init) ?? 24
    }

    @Test func nothingIsLeftOfManyChanges() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        let each = Self.cycles / Self.people
        try await together(Array(0..<Self.people), atMost: Self.people) { person in
            for cycle in 1...each { try await Self.change(host, person, cycle) }
        }
        #expect(try await host.settles())
        let folder = try host.opened()
        let numbers = try folder.generationNumbers()
        #expect(numbers.allSatisfy { [.confirmed, .rolledBack].contains(folder.outcome($0)) })
        #expect((1...22).contains(numbers.count), "\(numbers)")
        #expect(try #require(numbers.last) > each * Self.people, "every cycle made a generation")

        let status = try await host.run("status")
        #expect(status.status == 0, "\(status)")
        let history = try await host.run("history")
        #expect(history.status == 0, "\(history)")
        let drafts = try [host.state, "\(host.state)/generations"].flatMap { try HostFiles().names(in: $0) }
            .filter {
                $0.hasSuffix(".new") || $0.hasPrefix(".")
            }
        #expect(drafts.isEmpty)

        // The watch alone is left, in its two processes, with few files open and in no namespace but its own.
        let left = TestProcesses.mentioning("wallwright", and: host.state)
        #expect(left.count == 2, "\(left)")
        for process in left {
            let files = try HostFiles().names(in: "/proc/\(process)/fd")
            #expect(files.count < 30, "\(files.count) files are open in \(process)")
        }
        let remove = try await host.run("remove", "--now")
        #expect(remove.status == 0, "\(remove)")
        #expect(try await host.firewall.listing().isEmpty)
        #expect(try await host.firewall.backends().isEmpty)
    }

    /// One change that comes into the kernel, and is confirmed or taken back by whoever comes first.
    private static func change(_ host: TestHost, _ person: Int, _ cycle: Int) async throws {
        let port = 1_000 + person * 10_000 + cycle
        let policy = try host.policy(
            "inbound:\n  - allow: [ssh, tcp/\(port)]\noutbound:\n  - allow: any\n",
            named: "person-\(person).yaml"
        )
        let backend = BackendKind.allCases[(person + cycle) % BackendKind.allCases.count].rawValue
        for _ in 0..<400 {
            let apply = try await host.run("apply", policy, "--backend", backend, "--confirm-within", "1m")
            // One change at a time: others wait for their turn.
            guard apply.status == 0 else {
                try #require(apply.status == 1, "\(apply)")
                try await Task.sleep(for: .milliseconds(50))
                continue
            }
            let decision =
                cycle % 3 == 0
                ? try await host.run("rollback") : try await host.confirm(try apply.ticket)
            try #require(decision.status == 0, "\(decision)")
            return
        }
        Issue.record("person \(person) never had a turn")
    }
}
