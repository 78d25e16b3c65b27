import Diagnostics
import PacketModel

/// Warns of lines that do nothing because of what other lines say, or do not say.
enum DeadLines {
    /// Every allow is compared with every deny of its direction, so many times in all.
    private static let comparisons = 200_000

    static func check(_ policy: Policy, _ reading: inout Reading) {
        checkDenied(policy, &reading)
        checkMasquerades(policy, &reading)
    }

    private static func checkDenied(_ policy: Policy, _ reading: inout Reading) {
        let denies = policy.lines.filter { $0.action == .deny && !$0.followsNames }
        var left = comparisons
        for line in policy.lines where line.action == .allow && !line.followsNames {
            left -= denies.count
            guard left > 0 else { return }
            guard let deny = denies.first(where: { $0.covers(line) }), !isSpared(line, policy) else {
                continue
            }
            reading.warn(
                "policy.line.denied",
                "this line admits nothing: line \(deny.origin.line) denies all of it",
                at: reading.firstLine(of: line.origin.range),
                also: [(reading.firstLine(of: deny.origin.range), "denies it")],
                notes: ["a deny beats every allow, wherever they are written"]
            )
        }
    }

    /// Denies spare the addresses of management.
    private static func isSpared(_ line: PolicyLine, _ policy: Policy) -> Bool {
        guard let spared = policy.management.exemptSources else { return false }
        let remote = line.direction == .outbound ? line.destination : line.source
        return IPFamily.allCases.contains { family in
            remote.map { !$0[family].isDisjoint(with: spared[family]) } ?? !spared[family].isEmpty
        }
    }

    private static func checkMasquerades(_ policy: Policy, _ reading: inout Reading) {
        let forwards = policy.lines.contains { $0.direction == .forward && $0.action == .allow }
        guard !forwards, policy.containers?.allowsOutbound != true else { return }
        for line in policy.nat where line.action == .masquerade {
            reading.warn(
                "policy.nat.unforwarded",
                "this line changes nothing: no line of `forward:` lets anything pass through this host",
                at: reading.firstLine(of: line.origin.range),
                fix: "write under forward:  - allow: any, with in: the inner interface"
            )
        }
    }
}
