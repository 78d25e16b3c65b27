import Compiler
import PacketModel
import TestSupport
import Testing

@testable import Kernel

@Suite struct DisjointBansTests {
    private func ban(_ text: String, _ seconds: Int?) throws -> Ban {
        Ban(try #require(Prefix(text: text)), secondsLeft: seconds)
    }

    @Test func whereBansOverlapTheLongestHolds() throws {
        let bans = [
            try ban("192.0.2.0/24", 60), try ban("192.0.2.128/25", nil), try ban("192.0.2.5", 600),
            try ban("192.0.2.200", 600), try ban("2001:db8::1", 60),
        ]
        let cut = bans.disjoint(.ipv4).map {
            "\($0.interval.lower & 255)-\($0.interval.upper & 255) \($0.secondsLeft ?? -1)"
        }
        #expect(cut == ["128-255 -1", "5-5 600", "0-4 60", "6-127 60"])
        #expect(bans.disjoint(.ipv6).count == 1)
    }

}

@Suite(.needsRoot) struct HostBansTests {
    /// Loads bans of both families into a network, and says which of the outside's two addresses gets an answer.
    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func aBanEndsWhatComesFromThereAndNothingElse(_ backend: BackendKind, _ family: IPFamily) async throws {
        let setting = try await Setting()
        let banned = family.foreign(5)
        let bans = [Ban(try #require(Prefix(of: banned, length: family.addressWidth)), secondsLeft: 60)]
        try await load(bans, backend, setting.network.inside)
        #expect(try await answers(to: banned, setting) == .silence)
        #expect(try await answers(to: family.foreign(6), setting) == .passed)
        try await load([], backend, setting.network.inside)
        #expect(try await answers(to: banned, setting) == .passed)
    }

    @Test func aBanOfNftablesEndsByItself() async throws {
        let setting = try await Setting()
        let ban = Ban(try #require(Prefix(text: "\(IPFamily.ipv4.foreign(5))")), secondsLeft: 5)
        try await HostBans(in: setting.network.inside).replace(with: [ban], on: .nftables)
        #expect(try await answers(to: IPFamily.ipv4.foreign(5), setting) == .silence)
        for _ in 0..<20 {
            try await Task.sleep(for: .seconds(1))
            if try await answers(to: IPFamily.ipv4.foreign(5), setting) == .passed { return }
        }
        Issue.record("the ban of five seconds holds still")
    }

    private func load(_ bans: [Ban], _ backend: BackendKind, _ namespace: NetworkNamespace) async throws {
        try await HostBans(in: namespace).replace(with: bans, on: backend)
        #expect(try await HostBans(in: namespace).differences(from: bans, on: backend) == [])
        let others = [Ban(try #require(Prefix(text: "192.0.2.77")))]
        #expect(try await HostBans(in: namespace).differences(from: others, on: backend) != [])
    }

    private func answers(to client: IPAddress, _ setting: Setting) async throws -> Observation {
        let server = try setting.inside(client.family)
        let conversation = Conversation(.tcp(port: 80), from: client, to: server, on: "eth0")
        return try await setting.laboratory.run(.conversation(conversation)).observation
    }
}
