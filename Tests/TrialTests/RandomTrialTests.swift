import Compiler
import Diagnostics
import Glibc
import Kernel
import Policy
import TestSupport
import Testing

@testable import Trial

/// What a trial expects is the policy's meaning, and what it sees is the kernel's: both agree on any policy.
@Suite(.needsRoot, .serialized) struct RandomTrialTests {
    private static func setting(_ name: String) -> UInt64? {
        unsafe getenv(name).flatMap { unsafe UInt64(String(cString: $0)) }
    }

    /// The seeds that a backend is tried with: of twenty its share, or all of `WALLWRIGHT_TRIALS`; the first is said by
    /// `WALLWRIGHT_SEED`.
    private static func seeds(of backend: BackendKind) -> [UInt64] {
        let first = (setting("WALLWRIGHT_SEED") ?? 1) &* 100_003
        if let count = setting("WALLWRIGHT_TRIALS") { return (0..<count).map { first &+ $0 } }
        let place = BackendKind.allCases.firstIndex(of: backend) ?? 0
        return stride(from: place, to: 20, by: BackendKind.allCases.count).map { first &+ UInt64($0) }
    }

    @Test(arguments: BackendKind.allCases)
    func `a random policy holds by packets`(backend: BackendKind) async throws {
        let available = try await BackendAvailability.detect()
        var tried = 0
        let seeds = Self.seeds(of: backend)
        for seed in seeds {
            let (text, policy) = Self.policy(seed)
            let firewallRefusal = Self.refusal(of: policy, backend, usesIpset: available.ipset == nil)
            guard firewallRefusal == nil else { continue }
            let run = try await TrialRun.prepare(TrialPlan(policy))
            try await run.commit(backend, usesIpset: available.ipset == nil)
            let results = try await run.run()
            tried += 1
            #expect(results.count > 5, "seed \(seed)")
            for result in results where !result.agrees {
                let trialCase = result.trialCase
                Issue.record(
                    """
                    seed \(seed), \(backend.rawValue): \(trialCase.title): \(trialCase.family) \(trialCase.sent): \
                    expected \(trialCase.expectation), observed \(result.observed)
                    \(text)
                    """
                )
            }
        }
        // A backend refuses some limits.
        #expect(tried * 2 > seeds.count)
    }

    @Test func `most random policies are read`() {
        let read = (0..<200).count { seed in
            var random = RandomPolicyText(seed: UInt64(seed))
            return Self.read(random.policy()) != nil
        }
        #expect(read > 60)
    }

    /// The first policy of a seed that the reader takes.
    private static func policy(_ seed: UInt64) -> (String, Policy) {
        var random = RandomPolicyText(seed: seed)
        while true {
            let text = random.policy()
            if let policy = read(text) { return (text, policy) }
        }
    }

    private static func read(_ text: String) -> Policy? {
        let source = SourceFile(name: "random.yaml", text: text)
        return PolicyReader.read(source: source, environment: PolicyEnvironment(folder: "/")).policy
    }

    private static func refusal(of policy: Policy, _ backend: BackendKind, usesIpset: Bool) -> (any Error)? {
        do {
            _ = try Firewall(policy, backend, usesIpset: usesIpset)
            return nil
        } catch {
            return error
        }
    }
}
