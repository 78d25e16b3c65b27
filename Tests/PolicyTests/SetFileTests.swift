import Diagnostics
import PacketModel
import Testing

@testable import Policy

@Suite struct SetFileTests {
    private func read(_ text: String) -> SetFile {
        SetFile.read(SourceFile(name: "list.txt", text: text))
    }

    @Test func commentsAndWhiteSpaceAreNoEntries() throws {
        let file = read(
            "# all\n\n 192.0.2.1 \t# one\r\n198.51.100.0/24;SBL1\n2001:db8::/32 ; x\n10.0.0.1-10.0.0.3\n ; y\n::1"
        )
        #expect(file.diagnostics.isEmpty)
        let expected = AddressSet(
            ipv4: IntervalSet(
                [
                    Interval(0xC000_0201), Interval(0xC633_6400, 0xC633_64FF),
                    Interval(0x0A00_0001, 0x0A00_0003),
                ]
                .compactMap(\.self)
            ),
            ipv6: IntervalSet(
                [Interval(1), Interval(0x2001_0DB8 << 96, 0x2001_0DB8 << 96 | UInt128.max >> 32)].compactMap(
                    \.self
                )
            )
        )
        #expect(file.addresses == expected)
    }

    @Test func anErrorStandsAtItsLine() {
        let file = read("192.0.2.1\n192.0.2.1/24\n192.0.2\n")
        let lines = file.diagnostics.map { $0.primary.map { $0.source.position(of: $0.range.start).line } }
        #expect(lines == [2, 3])
        #expect(file.diagnostics.map(\.code) == ["policy.address.host-bits", "policy.address.form"])
    }

    @Test func aFileOfAnotherKindGivesAFewErrors() {
        let file = read(String(repeating: "what?\n", count: 1_000))
        #expect(file.diagnostics.count == SetFile.mostErrors)
    }

    @Test func moreEntriesThanTheLimitAreRefused() {
        let most = SourceFile(name: "f", text: "192.0.2.1\n# no entry\n192.0.2.2\n")
        #expect(SetFile.read(most, mostEntries: 2).diagnostics.isEmpty)
        let refused = SetFile.read(most, mostEntries: 1)
        #expect(refused.diagnostics.map(\.code) == ["policy.set.size"])
        #expect(SetFile.mostEntries == 1_000_000)
    }

    /// The quick readers agree with the thorough one wherever they have an opinion, and have one where it matters.
    @Test(arguments: [
        "0.0.0.0/0", "255.255.255.255", "10.0.0.0/8", "192.0.2.1/32", "192.0.2.128/25", "::/0", "::", "::1",
        "2001:db8::/32", "2001:db8::1/128", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8",
        "FE80::/10",
        "1::8", "abcd:ef01:2345:6789:abcd:ef01:2345:6789",
    ])
    func theQuickReadersReadCommonForms(_ text: String) throws {
        let bytes = Array(text.utf8)[...]
        let quick = IPv4Bytes.interval(bytes) ?? IPv6Bytes.interval(bytes)
        guard case .interval(_, let thorough) = try AddressText.read(text) else {
            Issue.record("not an address")
            return
        }
        #expect(quick == thorough)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4/", "1.2.3.4/33", "1.2.3.4/24",
        "1.2.3.4/08", "1..3.4",
        "1.2.3.4/24x", "1.2.3./8", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::",
        "::/129",
        "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "2001:db8::1/32", "g::", "1:", ":1", "::1/", "::/x",
        "1.2.3.4-5.6.7.8",
    ])
    func theQuickReadersReadNothingElse(_ text: String) {
        #expect(IPv4Bytes.interval(Array(text.utf8)[...]) == nil)
        #expect(IPv6Bytes.interval(Array(text.utf8)[...]) == nil)
    }
}
