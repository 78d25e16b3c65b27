import SystemPackage
import Testing

@testable import Kernel

@Suite struct NetlinkMessageTests {
    private static let attributes = [
        NetlinkAttribute(1, Array("eth0".utf8) + [0]),
        NetlinkAttribute(2, nested: [NetlinkAttribute(3, UInt32(7).bytes), NetlinkAttribute(4, [])]),
    ]

    private static let message = NetlinkMessage(
        type: NetlinkMessage.type(subsystem: 10, message: 3),
        flags: 5,
        sequence: 77,
        body: NetlinkMessage.body(family: 2, resource: 0x0102, attributes)[...]
    )

    @Test func whatIsWrittenIsRead() throws {
        let messages = NetlinkMessage.all(in: Self.message.bytes + Self.message.bytes)
        #expect(messages == [Self.message, Self.message])
        let message = try #require(messages.first)
        #expect([message.subsystem, message.message, message.family, message.version] == [10, 3, 2, 0])
        #expect(message.resource == 0x0102)
        #expect(message.errorNumber == nil)
        #expect(message.attributes.map(\.type) == [1, 2])
        #expect(message.attributes.first?.text == "eth0")
        let nested = try #require(message.attributes.last?.nested)
        #expect(nested.map { $0.integer(UInt32.self) } == [7, nil])
    }

    @Test func everyCutOfAMessageIsReadWithoutHarm() {
        let bytes = Self.message.bytes
        for count in 0..<bytes.count {
            #expect(NetlinkMessage.all(in: Array(bytes.prefix(count))).isEmpty)
        }
        for count in 0...Self.message.body.count {
            var cut = Self.message
            cut.body = cut.body.prefix(count)
            #expect(cut.attributes.count <= 2)
            #expect(cut.resource == (count < 4 ? 0 : 0x0102))
        }
    }

    /// `NLMSG_ERROR` is 2, `NLMSG_DONE` 3.
    @Test(
        arguments: [
            (2, Int32(0).hostBytes, 0), (2, Int32(-17).hostBytes + [1, 2, 3, 4], 17), (3, [], 0),
            (3, Int32(-4).hostBytes, 4), (2, Int32.min.hostBytes, .min), (1, Int32(-17).hostBytes, nil),
        ] as [(UInt16, [UInt8], Int32?)]
    )
    func anAnswerSaysWhatFailed(_ type: UInt16, _ body: [UInt8], number: Int32?) {
        let message = NetlinkMessage(type: type, flags: 0, sequence: 1, body: body[...])
        #expect(message.errorNumber == number.map { Errno(rawValue: $0) })
    }
}
