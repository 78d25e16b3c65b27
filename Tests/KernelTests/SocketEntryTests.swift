import PacketModel
import Testing

@testable import Kernel

@Suite struct SocketEntryTests {
    @Test func aTableOfIPv4IsRead() throws {
        let table = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
               1: 0100007F:0CEA 0100007F:9C40 01 00000000:00000000 02:000A7214 00000000  1000        0 4712 2 0 20 4 30 10 -1
              22: 0500A8C0:1F90 050200C0:D431 03 00000000:00000000 01:00000064 00000000     0        0 0 1 0
               3: 0500A8C0:1F90 060200C0:D431 06 00000000:00000000 03:00001234 00000000     0        0 0 3 0

            """
        let entries = SocketEntry.all(in: Array(table.utf8), .tcp, .ipv4)
        #expect(entries.map(\.localPort) == [22, 3_306, 8_080, 8_080])
        #expect(entries.map(\.state) == [.listen, .established, .synReceived, .timeWait])
        #expect(entries.map(\.inode) == [4_711, 4_712, 0, 0])
        #expect(entries.map(\.user) == [0, 1_000, 0, 0])
        #expect(entries.map(\.local.description) == ["0.0.0.0", "127.0.0.1", "192.168.0.5", "192.168.0.5"])
        #expect(entries.map(\.remote.description) == ["0.0.0.0", "127.0.0.1", "192.0.2.5", "192.0.2.6"])
        #expect(entries.map(\.isListener) == [true, false, false, false])
        #expect(entries.map(\.isLive) == [false, true, false, false])
    }

    @Test(
        arguments: [
            ("00000000000000000000000000000000", "::"),
            ("00000000000000000000000001000000", "::1"),
            ("B80D0120000000000000000001000000", "2001:db8::1"),
            ("000080FE00000000FF00000201000002", "fe80::200:ff:200:1"),
            // An IPv4 address that a socket of IPv6 holds.
            ("0000000000000000FFFF0000050200C0", "192.0.2.5"),
            // IPv4-compatible addresses are not mapped ones.
            ("000000000000000000000000050200C0", "::192.0.2.5"),
        ]
    )
    func anAddressOfIPv6IsFourWords(_ digits: String, address: String) throws {
        let line = "  0: \(digits):0016 \(digits):0000 07 0:0 0:0 0 0 0 9 2 0 0\n"
        let entry = try #require(SocketEntry.all(in: Array(line.utf8), .udp, .ipv6).first)
        #expect(entry.local == IPAddress(address))
        #expect(entry.family == .ipv6)
        #expect(entry.isListener)
    }

    @Test(
        arguments: [
            "", "sl local_address rem_address st", "0: 00000000:0016 00000000:0000 0A 0:0 0:0 0 0 0",
            "0: 0000000:0016 00000000:0000 0A 0:0 0:0 0 0 0 1",
            "0: 00000000 00000000:0000 0A 0:0 0:0 0 0 0 1",
            "0: 00000000:0016 00000000:0000 7F 0:0 0:0 0 0 0 1",
            "0: 00000000:0016 00000000:0000 0A 0:0 0:0 0 0 0 x",
            "0: 00000000:G016 00000000:0000 0A 0:0 0:0 0 0 0 1",
        ]
    )
    func whatIsNoSocketIsLeftOut(_ line: String) {
        let good = "1: 00000000:0016 00000000:0000 0A 0:0 0:0 0 0 0 1"
        let entries = SocketEntry.all(in: Array("\(line)\n\(good)".utf8), .tcp, .ipv4)
        #expect(entries.map(\.inode) == [1])
    }

    /// A socket that one side closed lives as long as a program here holds it.
    @Test(
        arguments: [
            (4, 7, true), (5, 7, true), (8, 7, true), (5, 0, false), (9, 7, false), (11, 7, false),
            (2, 7, false),
        ] as [(UInt8, UInt64, Bool)]
    )
    func halfClosedConnectionsLive(_ number: UInt8, inode: UInt64, isLive: Bool) throws {
        let state = try #require(SocketEntry.State(rawValue: number))
        #expect(
            SocketEntry.connected("192.0.2.1", 80, "192.0.2.9", 5, state: state, inode: inode).isLive
                == isLive
        )
    }
}

extension SocketEntry {
    /// The sockets of a table of the kernel.
    static func all(
        in table: [UInt8],
        _ transportProtocol: IPProtocol,
        _ family: IPFamily
    ) -> [SocketEntry] {
        table.split(separator: UInt8(ascii: "\n")).compactMap {
            SocketEntry(line: $0, transportProtocol, family)
        }
    }

    /// A socket that listens, or an unconnected one of UDP.
    static func waiting(
        _ local: String,
        _ port: UInt16,
        _ transportProtocol: IPProtocol = .tcp,
        inode: UInt64 = 1,
        user: UInt32 = 0,
        isIPv6Only: Bool? = nil
    ) -> SocketEntry {
        let state: State = transportProtocol == .tcp ? .listen : .closed
        var entry = connected(local, port, "", 0, transportProtocol, state: state, inode: inode)
        entry.user = user
        entry.isIPv6Only = isIPv6Only
        return entry
    }

    static func connected(
        _ local: String,
        _ localPort: UInt16,
        _ remote: String,
        _ remotePort: UInt16,
        _ transportProtocol: IPProtocol = .tcp,
        state: State = .established,
        inode: UInt64 = 1
    ) -> SocketEntry {
        let local = IPAddress(local) ?? IPAddress(family: .ipv4, value: 0)
        return SocketEntry(
            transportProtocol: transportProtocol,
            family: local.family,
            local: local,
            localPort: localPort,
            remote: IPAddress(remote) ?? IPAddress(family: local.family, value: 0),
            remotePort: remotePort,
            state: state,
            user: 0,
            inode: inode
        )
    }
}
