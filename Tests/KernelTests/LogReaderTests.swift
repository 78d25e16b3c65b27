import Netlink
import PacketModel
import TestSupport
import Testing

@testable import Kernel

@Suite(.needsRoot) struct LogReaderTests {
    @Test(arguments: IPFamily.allCases)
    func aLoggedPacketIsReadWithItsPrefix(_ family: IPFamily) async throws {
        let setting = try await Setting()
        try await setting.load(
            """
            chain input {
                type filter hook input priority 0
                udp dport 9 log prefix "wallwright in: " group 7 drop
            }
            """
        )
        let reader = try await LogReader.open(group: 7, in: setting.network.inside)
        let here = try setting.inside(family)
        let packets = [UInt16(9), 10].map { port in
            let transport = WirePacket.Transport.udp(source: 5_000, destination: port)
            return WirePacket(from: family.foreign(), to: here, transport)
        }
        _ = try await setting.laboratory.run(packets.map { .inbound($0, on: "eth0") })
        let messages = try await reader.messages(atMost: 10, within: .milliseconds(200))
        #expect(messages.map(\.prefix) == ["wallwright in: "])
        #expect(messages.first?.packet?.transport == .udp(source: 5_000, destination: 9))
        #expect(messages.first?.packet?.source == family.foreign())
    }

    @Test func logsAreLimitedAsTheRuleSays() async throws {
        let setting = try await Setting()
        try await setting.load(
            """
            chain input {
                type filter hook input priority 0
                udp dport 9 limit rate 5/minute burst 5 packets log prefix "few: " group 7
            }
            """
        )
        let reader = try await LogReader.open(group: 7, in: setting.network.inside)
        let here = try setting.inside(.ipv4)
        let packet = WirePacket(from: IPFamily.ipv4.foreign(), to: here, .udp(source: 5_000, destination: 9))
        let outcomes = try await setting.laboratory.run(
            [Probe](repeating: .inbound(packet, on: "eth0"), count: 40)
        )
        #expect(outcomes.allSatisfy { $0.observation == .passed })
        #expect(try await reader.messages(atMost: 40, within: .milliseconds(200)).count == 5)
    }

    @Test func aSecondReaderOfAGroupIsRefused() async throws {
        let namespace = try await NetworkNamespace.make()
        let first = try await LogReader.open(group: 7, in: namespace)
        await #expect(throws: SystemError.self) { try await LogReader.open(group: 7, in: namespace) }
        _ = try await LogReader.open(group: 8, in: namespace)
        #expect(try await first.messages(atMost: 1, within: .zero).isEmpty)
    }

    @Test func onlyMessagesOfTheLogAreRead() throws {
        let prefix = NetlinkAttribute(10, Array("p: ".utf8) + [0])
        let body = NetlinkMessage.body(family: 2, resource: 7, [prefix])
        let message = NetlinkMessage(type: 4 << 8, flags: 0, sequence: 0, body: body[...])
        #expect(LogMessage(message)?.prefix == "p: ")
        let other = NetlinkMessage(type: 4 << 8 | 1, flags: 0, sequence: 0, body: body[...])
        #expect(LogMessage(other) == nil)
    }
}
