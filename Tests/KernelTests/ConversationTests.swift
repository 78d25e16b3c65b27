import PacketModel
import TestSupport
import Testing

@testable import Kernel

@Suite(.needsRoot) struct ConversationTests {
    @Test(arguments: IPFamily.allCases)
    func withoutAFirewallEveryConversationWorks(_ family: IPFamily) async throws {
        let setting = try await Setting()
        let (here, foreign) = (try setting.inside(family), family.foreign())
        let probes: [Conversation] = [
            .init(.tcp(port: 22), from: foreign, to: here, on: "eth0"),
            .init(.udp(port: 53), from: foreign, to: here, on: "eth0"),
            .init(.ping, from: foreign, to: here, on: "eth0"),
            .init(.tcp(port: 443), .outbound(), from: here, to: foreign, on: "eth0"),
            .init(.udp(port: 53), .outbound(), from: here, to: foreign, on: "eth0"),
            .init(.ping, .outbound(), from: here, to: foreign, on: "eth0"),
        ]
        let outcomes = try await setting.laboratory.run(probes.map(Probe.conversation))
        #expect(outcomes.map(\.observation) == probes.map { _ in .passed })
    }

    @Test(arguments: IPFamily.allCases)
    func whatARuleDropsIsSilentAndWhatItRejectsIsRefused(_ family: IPFamily) async throws {
        let setting = try await Setting()
        try await setting.load(
            """
            chain input {
                type filter hook input priority 0
                tcp dport 22 accept
                tcp dport 23 drop
                tcp dport 24 reject with tcp reset
                tcp dport 25 reject with icmpx admin-prohibited
                udp dport 53 drop
                udp dport 54 reject
                icmp type echo-request drop
                icmpv6 type echo-request drop
            }
            """
        )
        let kinds: [(Conversation.Kind, Observation)] = [
            (.tcp(port: 22), .passed), (.tcp(port: 23), .silence), (.tcp(port: 24), .refused(.reset)),
            (.tcp(port: 25), .refused(.icmp)), (.udp(port: 53), .silence), (.udp(port: 54), .refused(.icmp)),
            (.udp(port: 55), .passed), (.ping, .silence),
        ]
        let here = try setting.inside(family)
        let outcomes = try await setting.laboratory.run(
            kinds.map { .conversation(.init($0.0, from: family.foreign(), to: here, on: "eth0")) }
        )
        #expect(outcomes.map(\.observation) == kinds.map(\.1))
    }

    @Test(arguments: IPFamily.allCases)
    func aRuleSeesTheSourceAndTheLink(_ family: IPFamily) async throws {
        let setting = try await Setting()
        let (good, bad) = (family.foreign(5), family.foreign(6))
        try await setting.load(
            """
            chain input {
                type filter hook input priority 0; policy drop
                ct state established accept
                iifname "lan0" \(family == .ipv4 ? "ip" : "ip6") saddr \(good) tcp dport 3306 accept
            }
            """
        )
        let cases = [(good, "lan0"), (bad, "lan0"), (good, "eth0"), (bad, "eth0")]
        let outcomes = try await setting.laboratory.run(
            try cases.map { source, link in
                let server = try setting.inside(family, link)
                return .conversation(.init(.tcp(port: 3306), from: source, to: server, on: link))
            }
        )
        #expect(outcomes.map(\.observation) == [.passed, .silence, .silence, .silence])
    }

    @Test(arguments: IPFamily.allCases)
    func outboundConversationsBelongToAUser(_ family: IPFamily) async throws {
        let setting = try await Setting()
        try await setting.load(
            """
            chain output {
                type filter hook output priority 0
                ct state established accept
                oifname "lo" accept
                meta skuid 1000 accept
                meta l4proto tcp reject with tcp reset
                icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
                drop
            }
            """
        )
        let here = try setting.inside(family)
        func probe(_ kind: Conversation.Kind, _ user: UInt32) -> Probe {
            .conversation(
                .init(kind, .outbound(user: user), from: here, to: family.foreign(), on: "eth0")
            )
        }
        let probes = [1000, 1001].flatMap { user in
            [probe(.tcp(port: 25), user), probe(.udp(port: 53), user), probe(.ping, user)]
        }
        let outcomes = try await setting.laboratory.run(probes)
        let expected: [Observation] = [
            .passed, .passed, .passed, .refused(.reset), .silence, .silence,
        ]
        #expect(outcomes.map(\.observation) == expected)
    }

    @Test(arguments: IPFamily.allCases)
    func sixtyConnectionsAtOnceMeetABucketOfFifty(_ family: IPFamily) async throws {
        let setting = try await Setting(window: .milliseconds(400))
        try await setting.load(
            """
            chain input {
                type filter hook input priority 0; policy drop
                ct state established accept
                tcp dport 80 limit rate 50/minute burst 50 packets accept
            }
            """
        )
        let here = try setting.inside(family)
        let probe = Probe.conversation(.init(.tcp(port: 80), from: family.foreign(), to: here, on: "eth0"))
        let outcomes = try await setting.laboratory.run([Probe](repeating: probe, count: 60))
        #expect(outcomes.count { $0.observation == .passed } == 50)
        #expect(outcomes.count { $0.observation == .silence } == 10)
    }

    @Test func aRedirectedPortAnswersForTheOneAskedFor() async throws {
        let setting = try await Setting()
        try await setting.load(
            """
            chain prerouting {
                type nat hook prerouting priority -100
                tcp dport 80 redirect to :8080
            }
            """
        )
        for family in IPFamily.allCases {
            let kind = Conversation.Kind.tcp(port: 80, listener: 8080)
            let conversation = Conversation(
                kind,
                from: family.foreign(),
                to: try setting.inside(family),
                on: "eth0"
            )
            #expect(try await setting.laboratory.run(.conversation(conversation)).observation == .passed)
        }
    }

    @Test(arguments: IPFamily.allCases)
    func aSocketFollowsWhatARouterSaysOfItsPathUnlessErrorsAreDropped(_ family: IPFamily) async throws {
        let setting = try await Setting()
        let here = try setting.inside(family)
        let probes: [Probe] = [
            .conversation(
                .init(.tcp(port: 22), from: family.foreign(1), to: here, on: "eth0", pathMTU: 1_300)
            ),
            .conversation(
                .init(
                    .tcp(port: 443),
                    .outbound(),
                    from: here,
                    to: family.foreign(2),
                    on: "eth0",
                    pathMTU: 1_300
                )
            ),
            .conversation(
                .init(
                    .udp(port: 53),
                    .outbound(),
                    from: here,
                    to: family.foreign(3),
                    on: "eth0",
                    pathMTU: 1_300
                )
            ),
        ]
        #expect(try await setting.laboratory.run(probes).map(\.observation) == [.passed, .passed, .passed])
        let other = try await Setting()
        try await other.load(
            """
            chain input {
                type filter hook input priority 0
                icmp type destination-unreachable drop
                icmpv6 type packet-too-big drop
            }
            """
        )
        #expect(try await other.laboratory.run(probes).map(\.observation) == [.silence, .silence, .silence])
    }
}
