import Compiler
import Foundation
import Kernel
import PacketModel
import TestSupport
import Testing

@testable import Deployment

/// Sets of DNS names follow their answers, and no answer opens or cuts what it must not.
@Suite(.needsRoot) struct NameRefreshKernelTests {
    private static let policy = """
        inbound:
          - allow: ssh
          - allow: http
            from: friends
          - deny: any
            from: foes
        sets:
          friends: {dns: friend.example.net, private: true}
          foes: {dns: foe.example.net}
        """

    private struct Scene {
        let host: TestHost
        let names: NameTable

        init() async throws {
            let folder = try TestHost.makeFolder()
            names = try await NameTable.make(in: folder)
            host = TestHost(
                try await .make(links: [.init(name: "eth0", number: 1)]),
                folder: folder,
                mounts: names.mounts
            )
        }

        /// Has `friend` stand for the neighbour and `foe` for somebody else, or the other way.
        func say(friendIsNeighbour: Bool) throws {
            let neighbour = try IPFamily.allCases.map { try host.outside($0).description }
            let others = ["203.0.113.7", "2001:db8:ffff::7"]
            try names.say([
                "friend.example.net": friendIsNeighbour ? neighbour : others,
                "foe.example.net": friendIsNeighbour ? others : ["203.0.113.66"],
            ])
        }
    }

    @Test(arguments: BackendKind.allCases)
    func theLiveSetFollowsTheNames(_ backend: BackendKind) async throws {
        let scene = try await Scene()
        let host = scene.host
        try scene.say(friendIsNeighbour: false)
        try await host.settle(Self.policy, on: backend)
        #expect(try await host.open() == TestHost.sshAlone)
        let same = try await host.run("refresh")
        #expect(same.status == 0 && same.output.contains("nothing to do"), "\(same)")

        try scene.say(friendIsNeighbour: true)
        let rules = try await Self.rules(host)
        let refresh = try await host.run("refresh")
        #expect(refresh.status == 0, "\(refresh)")
        #expect(refresh.output.contains("friend.example.net is \(try host.outside(.ipv4))"), "\(refresh)")
        #expect(try await host.open() == TestHost.everything)
        // Rules keep their handles where only elements of sets change.
        if backend == .nftables { #expect(try await Self.rules(host) == rules) }
        #expect(try host.outcomes() == [.confirmed, .confirmed])
        #expect(try await host.run("status").status == 0)
        let history = try await host.run("history")
        #expect(history.output.contains("friend.example.net is "), "\(history)")

        // The next boot has it too.
        try await host.firewall.install(.none)
        let boot = try await host.run("boot")
        #expect(boot.status == 0, "\(boot)")
        #expect(try await host.open() == TestHost.everything)
    }

    @Test(arguments: EmptyNameServer.Answer.allCases)
    func whoIsNotAnsweredKeepsTheLastAddresses(_ answer: EmptyNameServer.Answer) async throws {
        let scene = try await Scene()
        let host = scene.host
        try scene.say(friendIsNeighbour: true)
        try await host.settle(Self.policy)
        let before = try await host.digest()
        try scene.names.say([:])
        let server = try await EmptyNameServer(answer, in: host.network.inside)
        let refresh = try await host.run("refresh")
        withExtendedLifetime(server) {}
        #expect(refresh.status == 0, "\(refresh)")
        #expect(refresh.error.contains("`friend.example.net` keeps its last answer"), "\(refresh)")
        #expect(try await host.digest() == before)
        #expect(try host.outcomes() == [.confirmed])
    }

    @Test func withoutAnyNameServerTheSameIsSaid() async throws {
        let scene = try await Scene()
        try scene.say(friendIsNeighbour: true)
        try await scene.host.settle(Self.policy)
        try scene.names.say([:])
        let refresh = try await scene.host.run("refresh")
        #expect(refresh.status == 0 && refresh.error.contains("keeps its last answer"), "\(refresh)")
        // An apply of the same policy is not held up by it either.
        let again = try await scene.host.run("apply", try scene.host.policy(Self.policy), "--now")
        #expect(again.status == 0 && again.output.contains("nothing to do"), "\(again)")
    }

    @Test func aNameThatNobodyKnowsIsNotApplied() async throws {
        let scene = try await Scene()
        try scene.names.say(["foe.example.net": ["203.0.113.66"]])
        let apply = try await scene.host.run("apply", try scene.host.policy(Self.policy), "--now")
        #expect(apply.status == 1, "\(apply)")
        #expect(apply.error.contains("`friend.example.net` cannot be resolved"), "\(apply)")
        #expect(try await scene.host.firewall.listing().isEmpty)
    }

    @Test(arguments: [
        "127.0.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "10.1.2.3", "100.64.0.1", "fe80::1",
    ])
    func suchAnAnswerIsNotTaken(_ address: String) async throws {
        let scene = try await Scene()
        try scene.say(friendIsNeighbour: true)
        try await scene.host.settle(Self.policy)
        let before = try await scene.host.digest()
        try scene.names.say([
            "friend.example.net": try IPFamily.allCases.map { try scene.host.outside($0).description },
            "foe.example.net": [address],
        ])
        let refresh = try await scene.host.run("refresh")
        #expect(refresh.status == 0 && refresh.error.contains("\(address) is "), "\(refresh)")
        #expect(try await scene.host.digest() == before)
    }

    @Test func privateAnswersAreTakenWhereTheSetSaysSo() async throws {
        let scene = try await Scene()
        try scene.names.say(["db.example.net": ["10.1.2.3"]])
        try await scene.host.settle(
            "inbound:\n  - allow: ssh\n  - allow: mysql\n    from: db\nsets:\n  db: {dns: db.example.net, private: true}\n"
        )
        let nft = try Tool(named: "nft")
        let table = try await nft.run(
            ["list", "table", "inet", "wallwright"],
            text: "",
            in: scene.host.network.inside
        )
        #expect(table.contains("10.1.2.3"), "\(table)")
    }

    /// Whoever answers for a name that is denied could name the administrator.
    @Test func anAnswerThatWouldCutManagementIsNotTaken() async throws {
        let scene = try await Scene()
        let host = scene.host
        try scene.say(friendIsNeighbour: true)
        let neighbour = try host.outside(.ipv4).description
        try await host.settle(
            "management:\n  from: \(neighbour)\n" + Self.policy.replacing("deny: any", with: "deny: ssh")
        )
        let before = try await host.digest()
        let friends = try IPFamily.allCases.map { try host.outside($0).description }
        try scene.names.say(["friend.example.net": friends, "foe.example.net": [neighbour]])
        let refresh = try await host.run("refresh")
        #expect(refresh.status == 0, "\(refresh)")
        #expect(refresh.error.contains("which is under `management.from`: it is not used"), "\(refresh)")
        #expect(try await host.digest() == before)
        #expect(try host.outcomes() == [.confirmed])
        // The other names are followed all the same.
        try scene.names.say(["friend.example.net": ["203.0.113.7"], "foe.example.net": [neighbour]])
        #expect(try await host.run("refresh").output.contains("friend.example.net is 203.0.113.7"))
        #expect(try await host.open(ports: [22]).contains("ipv4 22"))
    }

    enum Way: String, CaseIterable, Sendable {
        /// A ban that the name stands under.
        case ban = "inbound: [{allow: ssh}, {deny: any, from: named}]"
        case denial = "inbound: [{allow: ssh}, {deny: ssh, from: named}]"
        /// It stops the answers.
        case outboundBan = "inbound: [{allow: ssh}]\noutbound: [{allow: any}, {deny: any, to: named}]"
        /// The only line that lets SSH in from there.
        case allow = "inbound: [{allow: ssh, from: named}, {allow: ssh, from: 203.0.113.77}]"
    }

    /// Nobody is at the host who would confirm: whoever owns the name alone decides.
    @Test(arguments: Way.allCases, [BackendKind.nftables, .iptablesNft])
    func noAnswerTakesTheWayFromWhereAGenerationWasConfirmed(_ way: Way, _ backend: BackendKind) async throws
    {
        let scene = try await Scene()
        let host = scene.host
        let neighbour = try host.outside(.ipv4).description
        let harmless = "203.0.113.66"
        let isAllow = way == .allow
        try scene.names.say(["name.example.net": [isAllow ? neighbour : harmless]])
        let server = try await SSHServer(in: host)
        let sets = "\nsets: {named: name.example.net}\n"
        let ticket = try await host.apply(way.rawValue + sets, on: backend).ticket
        let confirmed = try await server.login("$W confirm \(ticket) $S")
        #expect(confirmed.status == 0, "\(confirmed)")

        try scene.names.say(["name.example.net": [isAllow ? harmless : neighbour]])
        for round in 1...2 {
            let refresh = try await host.run("refresh")
            #expect(refresh.status == 0, "\(round): \(refresh)")
            #expect(refresh.error.contains("from where generation 1 was confirmed: it is "), "\(refresh)")
        }
        #expect(try await server.login("true").status == 0)
        // What else the name stands for is followed.
        let other = "203.0.113.99"
        try scene.names.say(["name.example.net": isAllow ? [other] : [neighbour, other]])
        let refresh = try await host.run("refresh")
        #expect(refresh.status == 0 && refresh.output.contains(other), "\(refresh)")
        #expect(try await server.login("true").status == 0)
    }

    @Test func theWatchAsksWhenItBegins() async throws {
        let scene = try await Scene()
        let host = scene.host
        try scene.say(friendIsNeighbour: false)
        try await host.settle(Self.policy)
        #expect(try await host.waits(.seconds(5)) { host.workers("watch", inner: true).count == 1 })
        try scene.say(friendIsNeighbour: true)
        for worker in host.workers("watch", inner: true) { kill(worker, SIGKILL) }
        #expect(
            try await host.waits(.seconds(20)) {
                try host.outcomes().count == 2 && host.outcomes().last == .confirmed
            }
        )
        #expect(try await host.open() == TestHost.everything)
        #expect(try await host.run("status").output.contains("follows DNS: "))
    }

    /// With their handles, without counters.
    private static func rules(_ host: TestHost) async throws -> [Substring] {
        let arguments = ["--handle", "--stateless", "list", "table", "inet", "wallwright"]
        do {
            let text = try await Tool(named: "nft").run(arguments, text: "", in: host.network.inside)
            return text.split(separator: "\n").filter { $0.contains("# handle") }
        } catch {
            return []
        }
    }
}
