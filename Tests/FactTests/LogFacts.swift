import Compiler
import PacketModel
import TestSupport
import Testing
import Trial

@testable import Kernel

/// The log of what is dropped is limited.
@Suite(.needsRoot) struct LogFacts {
    @Test(arguments: BackendKind.allCases)
    func twentyDroppedPacketsGiveFiveMessagesOfEachFamily(_ backend: BackendKind) async throws {
        let scene = try await Scene()
        try await scene.apply("log:\n  dropped: 5/minute\n  group: 7\n  prefix: facts\n", backend)
        let reader = try await LogReader.open(group: 7, in: scene.network.inside)
        for family in IPFamily.allCases {
            #expect(try await scene.passes(scene.datagrams(20, to: 9, from: family.foreign(5))) == 0)
        }
        let messages = try await reader.messages(atMost: 100, within: .milliseconds(300))
        for family in IPFamily.allCases {
            let own = messages.filter { $0.packet?.family == family }
            #expect(own.count == 5)
            #expect(own.allSatisfy { $0.prefix == "facts inbound drop: " })
            #expect(own.allSatisfy { $0.packet?.source == family.foreign(5) })
        }
        #expect(messages.count == 10)
    }

    @Test(arguments: BackendKind.allCases)
    func eachDirectionSaysItsName(_ backend: BackendKind) async throws {
        let scene = try await Scene(links: ["eth0", "lan0"])
        try await scene.apply("log:\n  dropped: 5/minute\n  group: 7\n", backend)
        let reader = try await LogReader.open(group: 7, in: scene.network.inside)
        let (near, far) = (IPFamily.ipv4.foreign(5), IPFamily.ipv4.foreign(9))
        let datagram = WirePacket.Transport.udp(source: 5_000, destination: 9)
        let host = try scene.host(.ipv4)
        let observed = try await scene.observe([
            .inbound(WirePacket(from: near, to: host, datagram), on: "eth0"),
            .outbound(WirePacket(from: host, to: near, datagram), on: "eth0"),
            .forwarded(WirePacket(from: near, to: far, datagram), on: "eth0", leaving: "lan0"),
        ])
        #expect(observed == [.silence, .silence, .silence])
        let messages = try await reader.messages(atMost: 3, within: .milliseconds(300))
        let expected = ["inbound", "outbound", "forward"].map { "wallwright \($0) drop: " }
        #expect(Set(messages.map(\.prefix)) == Set(expected))
        #expect(expected.allSatisfy { $0.utf8.count <= 29 })
    }
}
