import Diagnostics
import Kernel
import PacketModel
import Policy
import Testing

@testable import Deployment

/// The plan for programs, and how much of it people see.
@Suite struct PlanFormTests {
    @Test func `programs read kinds, places and connections`() throws {
        let connections = PlanCase.liveConnections
        let plan = ChangePlan(
            from: try PlanCase.policy("inbound: [{allow: ssh}]"),
            to: try PlanCase.policy("inbound: [{allow: tcp/8443}]"),
            listeners: [],
            connections: connections,
            session: nil
        )
        #expect(plan.json["changesNothing"] == .boolean(false))
        guard case .array(let sentences) = plan.json["sentences"] else {
            Issue.record("no sentences")
            return
        }
        #expect(sentences.prefix(3).map { $0["kind"] } == ["opens", "closes", "keeps"])
        #expect(sentences.first?["text"] == "tcp/8443 from anywhere")
        #expect(sentences.first?["direction"] == "inbound")
        #expect(sentences.first?["place"]?["line"] == 2)
        #expect(sentences.dropFirst().first?["place"]?["live"] == true)
        #expect(plan.connections.cut.map(\.connection) == Array(connections.prefix(4)))
        #expect(plan.connections.admitted.isEmpty, "what is on loopback is nobody's business")
    }

    @Test func `of many connections twenty are listed`() throws {
        let plan = ChangePlan(
            from: nil,
            to: try PlanCase.policy("inbound: [{allow: ssh}]"),
            listeners: [],
            connections: (1...30).map { PlanCase.incoming("203.0.113.\($0)", to: 80, "nginx") },
            session: nil
        )
        #expect(plan.sentences.count { $0.kind == .cuts } == 21)
        #expect(plan.sentences.last?.text == "and 10 more")
        #expect(plan.connections.cut.count == 30)
    }

    @Test func `of many changes forty are shown`() throws {
        let lines = (1...60).map { "{allow: tcp/\($0), from: 192.0.2.\($0)}" }
        let plan = ChangePlan(
            from: try PlanCase.policy("outbound: [{allow: any}]"),
            to: try PlanCase.policy("outbound: [{allow: any}]\ninbound: [\(lines.joined(separator: ", "))]"),
            listeners: [],
            connections: [],
            session: nil
        )
        #expect(plan.sentences.count { $0.kind == .opens } == 60)
        #expect(plan.lines.count { $0.kind == .opens } == 41)
        #expect(plan.text.contains("opens              and 20 more\n"))
    }

    @Test func `names of programs cannot move the cursor`() throws {
        let plan = ChangePlan(
            from: nil,
            to: try PlanCase.policy("inbound: [{allow: ssh}]"),
            listeners: [
                Listener(.tcp, PlanCase.address("0.0.0.0"), port: 9999, process: "\u{1B}[2J\u{202E}x")
            ],
            connections: [],
            session: nil
        )
        #expect(plan.text.contains("\u{FFFD}[2J\u{FFFD}x listens on 0.0.0.0:9999"))
    }

    @Test func `a redirect brings connections and listeners to their port`() throws {
        let listener = Listener(.tcp, PlanCase.address("0.0.0.0"), port: 8080, process: "app")
        let plan = ChangePlan(
            from: nil,
            to: try PlanCase.policy(
                "inbound: [{allow: http}]\noutbound: [{allow: any}]\nnat: [{redirect: http, to-port: 8080}]"
            ),
            listeners: [listener],
            connections: [PlanCase.incoming("203.0.113.9", to: 8080, "app")],
            session: nil
        )
        #expect(plan.connections.admitted.count == 1)
        #expect(!plan.sentences.contains { [.warning, .note, .cuts].contains($0.kind) }, "\(plan.text)")
    }
}
