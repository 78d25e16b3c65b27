import SystemPackage
import TestSupport
import Testing

@testable import Netlink

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
        let messages = try NetlinkMessage.all(in: Self.message.bytes + Self.message.bytes)
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
        for count in 1..<bytes.count {
            let reason: NetlinkDamage.Reason = count < 16 ? .headerIsCut : .lengthIsTooLong(bytes.count)
            #expect(throws: NetlinkDamage(reason, at: 0)) {
                try NetlinkMessage.all(in: Array(bytes.prefix(count)))
            }
            #expect(throws: NetlinkDamage(reason, at: bytes.count)) {
                try NetlinkMessage.all(in: bytes + bytes.prefix(count))
            }
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

    /// `NLMSGERR_ATTR_MSG` is 1, `NLMSGERR_ATTR_OFFS` 2, `NLMSGERR_ATTR_MISS_TYPE` 5; NLM_F_ACK_TLVS is 0x200, NLM_F_CAPPED
    /// 0x100.
    @Test(arguments: [true, false])
    func theKernelSaysWhatItDoesNotLike(isCapped: Bool) throws {
        let header = Array(Self.message.bytes.prefix(16))
        let said = [
            NetlinkAttribute(1, Array("no such thing".utf8) + [0]), NetlinkAttribute(2, UInt32(20).hostBytes),
            NetlinkAttribute(5, UInt32(3).hostBytes),
        ].flatMap(\.bytes)
        let request = isCapped ? header : Self.message.paddedBytes
        let answer = NetlinkMessage(
            type: 2,
            flags: isCapped ? 0x300 : 0x200,
            sequence: 1,
            body: (Int32(-2).hostBytes + request + said)[...]
        )
        #expect(
            ExtendedAcknowledgement(answer)
                == ExtendedAcknowledgement(text: "no such thing", offset: 20, missing: 3)
        )
        for count in 0..<answer.body.count {
            var cut = answer
            cut.body = cut.body.prefix(count)
            let read = ExtendedAcknowledgement(cut)
            #expect(read?.text == nil || read?.text == "no such thing")
        }
        var plain = answer
        plain.flags = 0x100
        #expect(ExtendedAcknowledgement(plain) == nil)
    }

    /// Whatever is broken is either read whole or has a place inside, and nothing traps.
    @Test func damageIsAnErrorWithItsPlace() {
        var refused = 0
        for seed in UInt64(0)..<4_000 {
            var random = SplitMix64(state: seed)
            var bytes = Self.message.bytes + Self.message.bytes
            let pieces = ["\0\0\0\0", "\u{7F}\u{7F}"]
            bytes.damage(Int.random(in: 1...6, using: &random), with: pieces, using: &random)
            do {
                for message in try NetlinkMessage.all(in: bytes) {
                    _ = ExtendedAcknowledgement(message)
                    let readable = message.attributes
                    do {
                        let all = try message.allAttributes()
                        #expect(all == readable)
                    } catch {
                        #expect(error.offset < message.body.count)
                        #expect(!error.description.isEmpty)
                    }
                    for attribute in readable {
                        _ = (attribute.text, attribute.integer(UInt32.self), attribute.nested.count)
                    }
                }
            } catch {
                refused += 1
                #expect(error.offset < bytes.count)
            }
        }
        #expect(refused > 0)
    }
}
