import Policy
import TestSupport
import Testing

@testable import Deployment

/// Lines of policies held against each other as texts.
@Suite struct PolicyDifferenceTests {
    private static func difference(_ old: String, _ new: String) -> PolicyDifference {
        PolicyDifference(from: [NamedText("", Array(old.utf8))], to: [NamedText("", Array(new.utf8))])
    }

    /// Whatever the order, the comments and the empty lines: only what was put in and taken out differs.
    @Test func orderAndCommentsAreNoDifference() {
        var random = SplitMix64(state: 6)
        for _ in 0..<300 {
            let sections = ["inbound", "outbound", "sets"]
            var lines = sections.flatMap { section in
                (0..<Int.random(in: 0...5, using: &random)).map { number in
                    (
                        section,
                        [
                            "  - allow: tcp/\(number)",
                            "    from: 192.0.2.\(Int.random(in: 1...9, using: &random))",
                        ]
                    )
                }
            }
            func text(_ lines: [(String, [String])]) -> String {
                sections.shuffled(using: &random).map { section in
                    "\(section):\n"
                        + lines.filter { $0.0 == section }.flatMap { entry in
                            let comment = Bool.random(using: &random) ? ["  # a comment", ""] : []
                            return comment + entry.1
                        }.map { $0 + "\n" }.joined()
                }.joined()
            }
            let old = lines
            lines.shuffle(using: &random)
            #expect(Self.difference(text(old), text(lines)).isEmpty)
            guard let gone = lines.popLast() else { continue }
            let difference = Self.difference(text(old), text(lines))
            #expect(difference.lines.map(\.text) == gone.1, "\(text(old))\n\(text(lines))")
            #expect(difference.lines.allSatisfy { !$0.isAdded && $0.section == gone.0 })
            #expect(Self.difference(text(lines), text(old)).lines.allSatisfy { $0.isAdded })
        }
    }

    @Test func sectionsOfEveryShapeAreCut() {
        let old =
            "wallwright: 1\ninbound:\n- allow: ssh\n- allow: http\n  from: 192.0.2.1\nlog: {dropped: 5/minute}\n"
        let new =
            "wallwright: 1\nlog:\n  dropped: 5/minute\ninbound:\n- allow: ssh\n- allow: http\n  from: 192.0.2.2\n"
        let lines = Self.difference(old, new).lines.map {
            "\($0.section) \($0.isAdded ? "+" : "-")\($0.text)"
        }
        #expect(
            lines == [
                "log -log: {dropped: 5/minute}", "log +  dropped: 5/minute",
                "inbound -- allow: http", "inbound -  from: 192.0.2.1",
                "inbound +- allow: http", "inbound +  from: 192.0.2.2",
            ]
        )
    }

    @Test func filesOfSetsCountToo() {
        let policy = NamedText("", Array("wallwright: 1\n".utf8))
        let difference = PolicyDifference(
            from: [policy, NamedText("/etc/w/bad.txt", Array("192.0.2.1\n192.0.2.2\n".utf8))],
            to: [policy, NamedText("/etc/w/bad.txt", Array("# new\n192.0.2.2\n192.0.2.3\n".utf8))]
        )
        #expect(difference.lines.map(\.section) == ["/etc/w/bad.txt", "/etc/w/bad.txt"])
        #expect(difference.lines.map(\.text) == ["192.0.2.1", "192.0.2.3"])
        #expect(difference.summary == "1 line added, 1 line removed")
    }
}
