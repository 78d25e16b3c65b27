import Compiler
import Diagnostics
import Foundation
import PacketModel
import TestSupport
import Testing

@testable import Kernel
@testable import Policy

/// The kernel does with packets what the document says of them: first packets, answers, what is related, broken, of no
/// connection or translated, under policies with every key, by all backends.
@Suite(.needsRoot, .serialized) struct SecondReadingKernelTests {
    /// `WALLWRIGHT_READINGS` for more than the usual number of policies on each backend.
    private static let policies =
        ProcessInfo.processInfo.environment["WALLWRIGHT_READINGS"].flatMap { Int($0) } ?? 4
    private static let firstSeed =
        ProcessInfo.processInfo.environment["WALLWRIGHT_SEED"].flatMap { UInt64($0) } ?? 1
    private static let packets = 300
    /// So many policies meet the same packets.
    private static let share = 10

    @Test(arguments: BackendKind.allCases)
    func `the kernel and the document agree about every packet`(backend: BackendKind) async throws {
        let host = try await ReadingHost()
        var (stories, compared, refusals): ([WireStory], Int, Int) = ([], 0, 0)
        for index in 0..<Self.policies {
            let seed = Self.firstSeed &* 100_003 &+ UInt64(index)
            if index % Self.share == 0 { stories = try await Self.stories(seed, on: host) }
            var random = RandomPolicy(seed: seed)
            let policy = random.policyForKernel(lines: 3 + index % 9)
            try await host.prepare(stories)
            try await host.load(policy, backend)
            let outcome = try await host.observe(stories)
            var forecast = ReadingForecast(policy)
            for story in stories {
                guard let passage = story.passage.translated(by: policy) else { continue }
                let fate = forecast.fate(of: passage)
                let observed = outcome.fate(of: passage, story.number, like: fate)
                compared += 1
                refusals += fate.isRefused ? 1 : 0
                if observed != fate {
                    Issue.record(
                        "seed \(seed), \(backend.rawValue), \(story.number): \(passage.text): \(fate) observed \(observed)"
                    )
                }
            }
        }
        print(
            "second reading on \(backend.rawValue): \(Self.policies) policies, \(compared) packets, \(refusals) refused"
        )
        #expect(compared > Self.policies * Self.packets / 2)
        #expect(refusals > 0)
    }

    /// Those whose packets a kernel without rules passes, in the state that they are made for.
    private static func stories(_ seed: UInt64, on host: ReadingHost) async throws -> [WireStory] {
        var random = RandomStories(seed: seed)
        let stories = random.stories(packets)
        try await host.prepare(stories)
        let outcome = try await host.observe(stories)
        let passing = stories.filter { story in
            let set = story.passage.direction == .inbound ? outcome.arrived : outcome.left
            return set.contains(story.number)
        }
        let right = passing.filter { outcome.states[$0.number] == $0.passage.state }
        #expect(
            passing.count * 10 > stories.count * 8,
            "\(stories.filter { story in !passing.contains { $0.number == story.number } })"
        )
        #expect(
            right.count == passing.count,
            "\(passing.filter { outcome.states[$0.number] != $0.passage.state }.map { "\($0) \(String(describing: outcome.states[$0.number]))" })"
        )
        return right
    }
}

extension ReadingHost.Outcome {
    /// What became of it, as far as the forecast says something of it.
    fileprivate func fate(of passage: Passage, _ number: Int, like fate: ReadingForecast.Fate)
        -> ReadingForecast.Fate
    {
        let passed = passage.direction == .inbound ? arrived : left
        return ReadingForecast.Fate(
            passes: passed.contains(number),
            isRefused: refused.contains(number),
            arrives: fate.arrives.map { _ in arrived.contains(number) },
            isAnswered: fate.isAnswered.map { _ in answered.contains(number) }
        )
    }
}

extension Passage {
    /// As it passes the filter under the policy; nil where more would have to be known of the host.
    fileprivate func translated(by policy: Policy) -> Passage? {
        guard let line = policy.nat.first, state == .new, !isTranslated, direction != .outbound else {
            return self
        }
        let result = translated(by: line) { TestPlaces.link(of: $0) ?? "" }
        guard result.isTranslated else { return self }
        let isOfLink = [source, destination].contains {
            $0 == TestPlaces.linkLocal || $0 == TestPlaces.linkLocalNeighbour
        }
        let isForwarded = result.direction == .forward
        return isOfLink || isForwarded && (source.isLoopback || hopLimit < 2) ? nil : result
    }
}

extension RandomPolicy {
    /// As ``policy(lines:)``, with buckets that stay empty, and sometimes NAT.
    fileprivate mutating func policyForKernel(lines: Int) -> Policy {
        var policy = policy(lines: lines)
        for index in policy.lines.indices {
            guard let rate = Rate(3, per: .day), let key = policy.lines[index].limit?.key else { continue }
            policy.lines[index].limit = Limit(rate: rate, key: key)
        }
        if chance(3) {
            let family = pick(IPFamily.allCases)
            policy.nat = [translation(to: TestPlaces.links.map { TestPlaces.neighbour($0, family) })]
        }
        return policy
    }
}
