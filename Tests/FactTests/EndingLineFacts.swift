import Compiler
import PacketModel
import Testing
import TestSupport
import Trial

@testable import Kernel

/// A line with `until` ends in the kernel, whatever became of whoever loaded it.
@Suite(.needsRoot) struct EndingLineFacts {
    /// One line of each stage that ends, each with a port of its own.
    private static func policy(_ end: String) -> String {
        """
        inbound:
          - allow: tcp/1001
            until: \(end)
          - allow: udp/1002
            from: [192.0.2.0/24, "2001:db8::/64"]
            in: eth0
            until: \(end)
          - allow: udp/1003
          - deny: udp/1003
            until: \(end)
          - allow: udp/1004
            limit: 50/second per source
            until: \(end)
          - allow: udp/1005
          - allow: udp/1005
            log: true
            until: \(end)
        """
    }

    @Test(arguments: BackendKind.allCases)
    func aLineEndsByItself(_ backend: BackendKind) async throws {
        let scene = try await Scene()
        let probes = try IPFamily.allCases.flatMap { family in
            try [scene.inbound(.tcp(port: 1_001), from: family.foreign(5))]
                + (1_002...1_005).map { try scene.inbound(.udp(port: $0), from: family.foreign(5)) }
        }
        let lasting: [Observation] = [.passed, .passed, .silence, .passed, .passed]
        let ended: [Observation] = [.silence, .silence, .passed, .silence, .passed]
        // Far enough to be seen before, on a busy machine too.
        let end = CalendarTime(seconds: CalendarTime.now.seconds + 6)
        try await scene.apply(Self.policy(end.dateAndTime + "Z"), backend)
        let before = try await scene.observe(probes)
        #expect(before == lasting + lasting)
        try #require(CalendarTime.now < end, "too busy to see it before the end")
        for _ in 0..<100 where CalendarTime.now <= end { try await Task.sleep(for: .milliseconds(100)) }
        let after = try await scene.observe(probes)
        #expect(after == ended + ended)
    }
}
