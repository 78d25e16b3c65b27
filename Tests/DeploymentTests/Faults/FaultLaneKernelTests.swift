import Foundation
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// Whatever is killed and whatever fails: the old firewall or the new one is there, management gets in, and it goes on.
@Suite(.needsRoot, .enabled(if: Tool.isInstalled("strace"), "strace is not installed"))
struct FaultLaneKernelTests {
    @Test func theHostIsNeverLost() async throws {
        let environment = ProcessInfo.processInfo.environment
        let lane = FaultLane()
        if environment["WALLWRIGHT_FAULTS"] == "1" {
            let text = environment["WALLWRIGHT_FAULT"]
            let cases = try await lane.all().filter { one in text.map { "\(one)".contains($0) } ?? true }
            try await lane.run(cases)
        } else {
            // Others each day.
            let today = Int(Date.now.timeIntervalSince1970 / 86_400)
            let seed = environment["WALLWRIGHT_FAULT_SEED"].flatMap(Int.init) ?? today
            print("a few faults, with WALLWRIGHT_FAULT_SEED=\(seed); ./test --faults tries them all")
            try await lane.run(try await lane.sample(seed))
        }
    }

    /// The watch has the new generation in memory, and cannot read the old one.
    @Test(arguments: ["generation.json", "placement.json"])
    func whatWasTakenBackStaysAwayWhereTheOneBeforeIsDamaged(_ name: String) async throws {
        let damage = DamagedFile(situation: .waiting, file: "generations/1/\(name)", damage: .empty)
        let verdict = try #require(try await damage.verdict(FaultStates()))
        #expect(verdict.problems == [])
    }
}
