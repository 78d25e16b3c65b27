import Diagnostics
import Kernel
import PacketModel
import Policy
import TestSupport
import Testing

@testable import Deployment

/// What differs between two policies, and what of a host would feel it, is found and said in a time that grows as they do.
@Suite(.serialized) struct LinearPlanTests {
    /// Two policies of so many lines each, and a host of so many sockets.
    struct Pair: Sendable, CustomTestStringConvertible {
        var name: String
        var old: @Sendable (Int, Int) -> String
        var new: @Sendable (Int, Int) -> String
        var sockets = false
        var testDescription: String { name }

        fileprivate func change(_ count: Int) throws -> Change {
            func policy(_ line: (Int, Int) -> String) throws -> Policy {
                try PlanCase.policy(
                    "management: none\ninbound:\n" + (0..<count).map { line($0, count) }.joined()
                        + "outbound:\n  - allow: any\n"
                )
            }
            return Change(
                old: try policy(old),
                new: try policy(new),
                listeners: sockets ? (0..<count).map(LinearPlanTests.listener) : [],
                connections: sockets ? (0..<count).map(LinearPlanTests.connection) : []
            )
        }
    }

    struct Change {
        var old: Policy
        var new: Policy
        var listeners: [Listener]
        var connections: [LiveConnection]
    }

    private static func port(_ number: Int) -> UInt16 { UInt16(truncatingIfNeeded: 1_000 + number) }

    private static func listener(_ number: Int) -> Listener {
        let address = IPAddress(family: .ipv4, value: 0x7F00_0001 + UInt128(number))
        return Listener(.tcp, number % 2 == 0 ? address : .init(family: .ipv4, value: 0), port: port(number))
    }

    private static func connection(_ number: Int) -> LiveConnection {
        LiveConnection(
            .tcp,
            local: IPAddress(family: .ipv4, value: 0xC000_0201),
            localPort: port(number),
            remote: IPAddress(family: .ipv4, value: 0x0A00_0000 + UInt128(number)),
            remotePort: 50_000,
            isInbound: true
        )
    }

    private static func address(_ number: Int) -> String {
        "10.\(number / 65_536).\(number / 256 % 256).\(number % 256)"
    }

    static let pairs = [
        Pair(
            name: "one line of many",
            old: { number, _ in "  - allow: tcp/\(port(number))\n    from: \(address(number))\n" },
            new: { number, _ in
                "  - allow: tcp/\(port(number))\n    from: \(address(number == 7 ? 9_999 : number))\n"
            }
        ),
        Pair(
            name: "all lines",
            old: { number, _ in "  - allow: tcp/\(port(number))\n    from: \(address(number))\n" },
            new: { number, _ in "  - allow: udp/\(port(number))\n    from: \(address(number + 9))\n" }
        ),
        Pair(
            name: "ranges that overlap their neighbours",
            old: { number, _ in "  - allow: tcp/\(1_000 + number * 4)-\(1_005 + number * 4)\n" },
            new: { number, _ in "  - allow: tcp/\(1_002 + number * 4)-\(1_007 + number * 4)\n" }
        ),
        Pair(
            name: "bans over what is allowed",
            old: { number, _ in "  - allow: tcp/\(port(number))\n    from: \(address(number))\n" },
            new: { number, _ in
                "  - allow: tcp/\(port(number))\n    from: \(address(number))\n"
                    + (number % 4 == 0 ? "  - deny: any\n    from: \(address(number))\n" : "")
            }
        ),
        Pair(
            name: "limits and exceptions",
            old: { number, _ in "  - allow: tcp/\(port(number))\n    limit: 5/minute\n" },
            new: { number, _ in
                "  - allow: tcp/\(port(number))\n    limit: 6/minute\n    except: [\(address(number))]\n"
            }
        ),
        Pair(
            name: "a host of many sockets",
            old: { number, _ in "  - allow: tcp/\(port(number))\n" },
            new: { number, _ in "  - allow: tcp/\(port(number + 1))\n    from: \(address(number))\n" },
            sockets: true
        ),
    ]

    @Test(arguments: pairs) func aPlanIsLinear(_ pair: Pair) throws {
        var said = 0
        let slope = try Slope.of(60, input: pair.change) { change in
            let plan = ChangePlan(
                from: change.old,
                to: change.new,
                listeners: change.listeners,
                connections: change.connections,
                session: nil
            )
            said += plan.text.count + plan.json.prettyPrinted.count
        }
        #expect(slope < Slope.steepest)
        #expect(said > 0)
    }

    @Test(arguments: pairs) func whatIsOpenIsSaidInLinearTime(_ pair: Pair) throws {
        let slope = try Slope.of(60, input: { try pair.change($0).new }) { policy in
            _ = PlanSentence.lines(WhatIsOpen.sentences(of: policy))
        }
        #expect(slope < Slope.steepest)
    }

    /// Of texts nothing is known but their lines: also of such as no policy has.
    @Test(
        arguments: [
            { (number: Int, _: Int) in "  - allow: tcp/\(number)\n    from: 10.0.0.\(number % 256)\n" },
            { number, _ in "key\(number):\n  - x\n" }, { _, _ in "  - allow: ssh\n" },
            { number, count in "  - \(number < count / 2 ? "a" : "b")\n" },
            { number, _ in String(repeating: " ", count: number % 40) + "- x\(number)\n" },
        ] as [@Sendable (Int, Int) -> String]
    )
    func differencesOfTextsAreLinear(_ line: @escaping @Sendable (Int, Int) -> String) {
        let slope = Slope.of(2_000) { count in
            let lines = (0..<count).map { line($0, count) }
            return (lines.joined(), lines.reversed().dropFirst(3).joined())
        } work: { (old, new) in
            let difference = PolicyDifference(
                from: [NamedText("", Array(old.utf8)), NamedText("/etc/list", Array(old.utf8))],
                to: [NamedText("", Array(new.utf8)), NamedText("/etc/list", Array(new.utf8))]
            )
            _ = (difference.summary, difference.json.prettyPrinted)
        }
        #expect(slope < Slope.steepest)
    }
}
