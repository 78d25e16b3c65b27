import PacketModel
import Testing

@testable import Kernel

/// Lines of `/proc/net/raw`: those of keepalived, and of others.
@Suite struct RawListenerTests {
    @Test(
        arguments: [
            (
                " 138: 120000E0:0070 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 99380 2 0 0",
                112
            ),
            (
                "  47: 00000000:002F 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 7 2 0 0",
                47
            ),
            (
                "  89: 00000000:0059 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 7 2 0 0",
                89
            ),
            (
                "   1: 00000000:0001 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 7 2 0 0",
                nil
            ),
            (
                " 255: 00000000:00FF 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 7 2 0 0",
                nil
            ),
            (
                "   6: 00000000:0006 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 7 2 0 0",
                nil
            ),
            (
                "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
                nil
            ),
            ("", nil), (" 1: :: 2 3 4 5 6 7 8 9", nil),
        ] as [(String, UInt8?)]
    )
    func aLineSaysWhichProtocolIsSpoken(_ line: String, _ number: UInt8?) {
        #expect(RawListener.Entry(line, .ipv4)?.transportProtocol.number == number)
    }
}
