import Compiler
import Diagnostics
import Foundation
import Kernel
import Policy
import TestSupport
import Testing

@testable import Trial

/// Every example, on every backend, on the real kernel.
@Suite(.needsRoot, .serialized) struct ExampleTrialTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Examples").standardizedFileURL

    static let examples: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted()
    }()

    @Test func `there are examples`() {
        #expect(Self.examples.count >= 9)
    }

    @Test(arguments: examples, BackendKind.allCases)
    func `an example holds by packets`(example: String, backend: BackendKind) async throws {
        let read = PolicyReader.read(path: Self.folder.appending(path: example).path)
        let policy = try #require(read.policy)
        let available = try await BackendAvailability.detect()
        let run = try await TrialRun.prepare(TrialPlan(policy))
        try await run.commit(backend, usesIpset: available.ipset == nil)
        let results = try await run.run()
        #expect(results.count > 40)
        for result in results where !result.agrees {
            Issue.record(
                "\(result.trialCase.title): \(result.trialCase.sent): \(result.trialCase.expectation), \(result.observed)"
            )
        }
    }

    @Test func `a firewall that lets everything through is seen`() async throws {
        let read = PolicyReader.read(path: Self.folder.appending(path: "guide.yaml").path)
        let run = try await TrialRun.prepare(TrialPlan(try #require(read.policy)))
        let results = try await run.run()
        let stopped = results.filter { $0.trialCase.expectation == .silence }
        #expect(!stopped.isEmpty)
        // The kernel itself drops ::1 from outside, and answers what nobody listens for.
        #expect(stopped.filter(\.agrees).allSatisfy { $0.trialCase.sent.contains("from ::1") })
    }

    @Test func `a firewall that lets nothing through is seen`() async throws {
        // Each packet that is stopped is waited for, so there are few.
        let read = PolicyReader.read(
            source: SourceFile(
                name: "few.yaml",
                text: "wallwright: 1\ninbound: [{allow: [ssh, ping]}]\noutbound: [{allow: dns}]\n"
            ),
            environment: PolicyEnvironment(folder: "/")
        )
        let run = try await TrialRun.prepare(TrialPlan(try #require(read.policy)))
        let shut = NftablesProgram(
            text: "table inet shut { chain input { type filter hook input priority 0; policy drop;\n}\n}\n"
        )
        try await NftablesBackend().commit(shut, in: run.network.inside)
        let results = try await run.run()
        let passing = results.filter { $0.trialCase.expectation == .passes }
        #expect(!passing.isEmpty)
        // What the host itself sends is not held by a chain of input.
        let isOfHost = { (sent: String) in sent.contains(" to ") || sent.contains("of the host") }
        #expect(passing.allSatisfy { !$0.agrees || isOfHost($0.trialCase.sent) })
    }
}
