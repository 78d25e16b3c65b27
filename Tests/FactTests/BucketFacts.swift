import Compiler
import PacketModel
import TestSupport
import Testing
import Trial

@testable import Kernel

/// What dynamic sets of nftables do with buckets.
@Suite(.needsRoot) struct BucketFacts {
    @Test(arguments: IPFamily.allCases)
    func factAddWithAShortTimeoutGivesTheBurstTwice(_ family: IPFamily) async throws {
        let scene = try await Scene(window: .milliseconds(250))
        try await scene.load(
            """
            set buckets {
                type \(family.addressType)
                flags dynamic,timeout
                timeout 1s
                size 100
            }
            chain input {
                type filter hook input priority 0
                udp dport 9 add @buckets { \(family.keyword) saddr limit rate 5/hour burst 5 packets } accept
                udp dport 9 drop
            }
            """
        )
        let probes = try scene.datagrams(8, to: 9, from: family.foreign(5))
        let first = try await scene.passes(probes)
        try await Task.sleep(for: .milliseconds(1_200))
        let second = try await scene.passes(probes)
        // The bucket holds 5 and gets one more every twelve minutes.
        #expect(first == 5)
        #expect(second == 5)
    }

    /// Its bucket is full again after two seconds, and so it may be forgotten only then.
    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func ourBucketNeverGivesMoreThanItGot(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene(window: .milliseconds(250))
        try await scene.apply(
            "inbound:\n  - allow: udp/9\n    limit: 2/second burst 4 per source\n",
            backend
        )
        let probes = try scene.datagrams(8, to: 9, from: family.foreign(5))
        let clock = ContinuousClock()
        let start = clock.now
        var passed = try await scene.passes(probes)
        #expect(passed >= 4)
        for _ in 0..<4 {
            try await Task.sleep(for: .milliseconds(550))
            passed += try await scene.passes(probes)
        }
        let seconds = Double((clock.now - start) / .milliseconds(1)) / 1_000
        // The clock of the kernel ticks more coarsely than ours (one token at most).
        #expect(Double(passed) <= 4 + 2 * seconds + 1)
        #expect(passed > 4)
    }

    @Test(arguments: IPFamily.allCases)
    func factAFullSetRefusesNewSourcesOrLetsThemAllIn(_ family: IPFamily) async throws {
        let scene = try await Scene(window: .milliseconds(250))
        try await scene.load(
            """
            set under {
                type \(family.addressType)
                flags dynamic,timeout
                timeout 1m
                size 2
            }
            set over {
                type \(family.addressType)
                flags dynamic,timeout
                timeout 1m
                size 2
            }
            chain input {
                type filter hook input priority 0
                udp dport 9 update @under { \(family.keyword) saddr limit rate 3/hour burst 3 packets } accept
                udp dport 9 drop
                udp dport 10 update @over { \(family.keyword) saddr limit rate over 3/hour burst 3 packets } drop
            }
            """
        )
        for (port, expected) in [(UInt16(9), [3, 3, 0]), (10, [3, 3, 6])] {
            var passed: [Int] = []
            for source in 1...3 {
                passed.append(
                    try await scene.passes(
                        scene.datagrams(6, to: port, from: family.foreign(UInt128(source)))
                    )
                )
            }
            #expect(passed == expected)
        }
    }

    @Test(arguments: IPFamily.allCases)
    func whenOurSetIsFullNewSourcesAreRefused(_ family: IPFamily) async throws {
        let scene = try await Scene(window: .milliseconds(250))
        let policy = "inbound:\n  - allow: udp/9\n    limit: 3/hour per source\n"
        try await scene.apply(policy, .nftables)
        let known = family.foreign(5)
        #expect(try await scene.passes(scene.datagrams(1, to: 9, from: known)) == 1)
        let text = try NftablesProgram(Scene.policy(policy)).text
        let pattern = family == .ipv4 ? /set (\w+_bucket4)/ : /set (\w+_bucket6)/
        let name = try #require(text.firstMatch(of: pattern)).1
        let elements = (1..<65_536).map { number in
            family == .ipv4
                ? "10.0.\(number >> 8).\(number & 0xFF)" : "fd00:0:0:\(String(number, radix: 16))::"
        }
        let filling = "add element inet wallwright \(name) { \(elements.joined(separator: ", ")) }\n"
        try await NftablesBackend().commit(NftablesProgram(text: filling), in: scene.network.inside)
        #expect(try await scene.passes(scene.datagrams(3, to: 9, from: family.otherNetwork(6))) == 0)
        #expect(try await scene.passes(scene.datagrams(3, to: 9, from: known)) == 2)
    }

    @Test(arguments: [
        ("50/minute per source", 60), ("2/second burst 4 per source", 2), ("1/hour burst 3", 10_800),
    ])
    func ourBucketsAreUpdatedHaveASizeAndLastAsLongAsTheyTakeToFill(_ limit: String, seconds: Int) throws {
        let text = try NftablesProgram(Scene.policy("inbound:\n  - allow: http\n    limit: \(limit)\n")).text
        #expect(!text.contains("add @"))
        #expect(!text.contains("rate over"))
        let dynamic = text.components(startingWith: "    set ").filter {
            $0.contains("flags dynamic,timeout")
        }
        let sets = dynamic.filter { $0.prefix { $0 != "{" }.contains("_bucket") }
        // A line without `per` has one set, whose keys are the families.
        #expect(sets.count == (limit.contains("per source") ? 2 : 1))
        let admitting = /update @\w+_bucket[46]? \{ [^}]* \} counter (accept|goto \w+_admitted)/
        #expect(text.matches(of: admitting).count == sets.count)
        for set in dynamic {
            #expect(set.contains(/\n +size [1-9][0-9]*\n/))
            let timeout = try #require(set.firstMatch(of: /timeout ([0-9]+)s\n/))
            #expect(try #require(Int(timeout.1)) >= seconds)
        }
    }
}

extension IPFamily {
    /// The type of a set's elements (nft(8), "ADDRESS FAMILIES").
    fileprivate var addressType: String { "\(self == .ipv4 ? "ipv4" : "ipv6")_addr" }
    var keyword: String { self == .ipv4 ? "ip" : "ip6" }
}

extension String {
    /// The parts that begin with a text, each up to the next.
    fileprivate func components(startingWith start: String) -> [Substring] {
        let starts = ranges(of: start).map(\.lowerBound)
        return zip(starts, starts.dropFirst() + [endIndex]).map { self[$0..<$1] }
    }
}
