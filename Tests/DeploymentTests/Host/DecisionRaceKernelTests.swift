import Foundation
import Kernel
import SystemPackage
import TestSupport
import Testing

@testable import Deployment

/// A confirmation at the last moment against the guard: one of them wins, on disk and in the kernel.
///
/// The changes are those of the library, and they act on the namespace of their process. So the test runs itself once
/// more in namespaces of its own.
@Suite(.needsRoot) struct DecisionRaceKernelTests {
    @Test func oneOfThemWinsEachOfAThousandTimes() async throws {
        try await together(Array(0..<DecisionRace.processes)) { _ in
            let host = try await TestHost.make()
            let inside = try NetworkNamespace.inode(of: host.network.inside.path)
            let command = [
                "/usr/bin/env", "\(DecisionRace.folderVariable)=\(host.folder)",
                "\(DecisionRace.namespaceVariable)=\(inside)",
                "PATH=/usr/bin:/bin:/usr/sbin:/sbin",
                CommandLine.arguments[0], "--filter", "DecisionRaceInside", "--testing-library",
                "swift-testing",
            ]
            let result = try await host.start(command).result(within: .seconds(170))
            #expect(result.status == 0, "\(result)")
            let counts = try String(contentsOfFile: "\(host.folder)/counts", encoding: .utf8)
                .split(separator: " ").compactMap { Int($0) }
            #expect(counts.reduce(0, +) == DecisionRace.tries, "\(result)")
            // Both win often, or the race was none.
            #expect((counts.min() ?? 0) > DecisionRace.tries / 10, "\(counts)")
        }
    }
}

/// Runs inside a namespace that a test made for it, and nowhere else.
@Suite(.enabled(if: DecisionRace.folder != nil, "a test runs it in a namespace of its own"))
struct DecisionRaceInside {
    @Test func oneOfThemWins() async throws {
        let path = try #require(DecisionRace.folder)
        // Never in the namespace of the machine.
        try #require(try DecisionRace.namespace == NetworkNamespace.inode(of: "/proc/self/ns/net"))
        var race = try DecisionRace(in: path)
        var confirmations = 0
        for number in 1...DecisionRace.tries where try await race.isConfirmed(number) { confirmations += 1 }
        try "\(confirmations) \(DecisionRace.tries - confirmations)"
            .write(toFile: "\(path)/counts", atomically: true, encoding: .utf8)
    }
}
