import Diagnostics
import PacketModel
import Policy
import Testing

@testable import Deployment

/// Large policies are compared in a time that grows as they do.
///
/// The limits are for builds without optimization on a busy machine; pairs of ten thousand lines would take hours.
@Suite struct PlanScaleTests {
    private static let count = 10_000

    @Test(.timeLimit(.minutes(1))) func `one line of ten thousand`() {
        let old = (0..<Self.count).map { line($0, port: $0, from: address($0)) }
        var new = Array(old.reversed())
        new[17].source = address(77_777)
        let plan = plan(old, new)
        #expect(plan.sentences.filter { $0.kind == .opens || $0.kind == .closes }.count == 2)
    }

    @Test(.timeLimit(.minutes(1))) func `ten thousand lines, all of them new`() {
        let old = (0..<Self.count).map { line($0, port: $0, from: address($0)) }
        let new = (0..<Self.count).map { line($0, port: $0 + 1, from: address($0)) }
        let plan = plan(old, new)
        #expect(plan.sentences.count { $0.kind == .opens } == Self.count)
        #expect(plan.sentences.count { $0.kind == .closes } == Self.count)
    }

    @Test(.timeLimit(.minutes(1))) func `many wide lines over many narrow ones`() {
        let narrow = (0..<Self.count / 2).map { line($0, port: $0, from: address($0)) }
        let wide = (0..<Self.count / 2).map { number in
            PolicyLine(
                direction: .inbound,
                action: .deny,
                services: .any,
                source: address(number),
                destination: address(number / 2),
                origin: origin(number)
            )
        }
        #expect(!plan(narrow, narrow + wide).changesNothing)
    }

    @Test(.timeLimit(.minutes(1)))
    func `too many parts are told in the large, and cover no more than is true`() {
        let narrow = (0..<Self.count / 2).map { line($0, port: $0, from: address($0)) }
        let ban = PolicyLine(
            direction: .inbound,
            action: .deny,
            services: .any,
            source: narrow.compactMap(\.source).reduce(AddressSet()) { $0.union($1) },
            origin: origin(9_999)
        )
        let plan = plan(narrow, narrow + [ban])
        let closes = plan.sentences.filter { $0.kind == .closes }
        #expect(
            closes.map(\.text).first?.hasPrefix("everything from 5000 addresses, as far as it passed") == true
        )
        for (port, source, isClosed) in [(7, 6, true), (7, 7, false), (8, 7, true), (8, 9_999, false)] {
            let approach = Approach(
                direction: .inbound,
                transportProtocol: .tcp,
                member: UInt16(port),
                source: IPAddress(family: .ipv4, value: UInt128(0x0A00_0000 + source * 4)),
                destination: IPAddress(family: .ipv4, value: 1),
                inputInterface: "eth0"
            )
            #expect(closes.contains { $0.covers(approach) } == isClosed)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `one address more of a list of a hundred thousand`() {
        let list = IntervalSet((0..<100_000).map { Interval(UInt128($0 * 4)) })
        let more = list.union([0xC000_0201])
        func lines(_ banned: IntervalSet<UInt128>) -> [PolicyLine] {
            let ban = PolicyLine(
                direction: .inbound,
                action: .deny,
                services: .any,
                source: AddressSet(ipv4: banned),
                origin: origin(9)
            )
            return [line(1, port: 21, from: nil), ban]
        }
        let plan = plan(lines(list), lines(more))
        let said = plan.sentences.first { $0.kind == .closes }?.text
        #expect(said == "ssh from 192.0.2.1: banned, established connections too")
    }

    private func plan(_ old: [PolicyLine], _ new: [PolicyLine]) -> ChangePlan {
        let source = SourceFile(name: "policy.yaml", text: "")
        return ChangePlan(
            from: Policy(source: source, lines: old),
            to: Policy(source: source, lines: new),
            listeners: [],
            connections: [],
            session: nil
        )
    }

    private func line(_ number: Int, port: Int, from source: AddressSet?) -> PolicyLine {
        PolicyLine(
            direction: .inbound,
            action: .allow,
            services: ServiceSet(.tcp, [UInt16(port % 60_000 + 1)]),
            source: source,
            origin: origin(number)
        )
    }

    private func origin(_ number: Int) -> Origin {
        Origin(line: number, range: SourceRange(number, number + 1), title: "line \(number)")
    }

    private func address(_ number: Int) -> AddressSet {
        AddressSet(ipv4: [UInt128(0x0A00_0000 + number * 4)])
    }
}
