import PacketModel

/// A socket as the kernel lists it: a line of /proc/net/tcp and its like (proc_pid_net(5)).
struct SocketEntry: Hashable, Sendable {
    /// The states of RFC 9293 section 3.3.2, by the numbers of include/net/tcp_states.h. UDP has `established` for a
    /// connected socket and `closed` for any other.
    enum State: UInt8 {
        case established = 1
        case synSent, synReceived, finWait1, finWait2, timeWait, closed, closeWait, lastAck, listen, closing
    }

    var transportProtocol: IPProtocol
    /// The family of the socket; one of IPv6 may hold addresses of IPv4.
    var family: IPFamily
    var local: IPAddress
    var localPort: UInt16
    var remote: IPAddress
    var remotePort: UInt16
    var state: State
    var user: UInt32
    /// 0 for a socket that no program holds any more, or not yet.
    var inode: UInt64

    /// Others may begin a conversation with it.
    var isListener: Bool {
        transportProtocol == .tcp ? state == .listen : state == .closed && localPort != 0
    }

    /// It may still carry data to or fro: both sides keep it, or one has said its last and a program here goes on.
    var isLive: Bool {
        switch state {
        case .established: true
        case .finWait1, .finWait2, .closeWait: inode != 0
        case .synSent, .synReceived, .timeWait, .closed, .lastAck, .listen, .closing: false
        }
    }

    var isWildcard: Bool { local.value == 0 }
}

extension SocketEntry {
    /// The sockets of a table; lines that cannot be read are left out, like the heading.
    static func all(
        in table: [UInt8],
        _ transportProtocol: IPProtocol,
        _ family: IPFamily
    ) -> [SocketEntry] {
        table.split(separator: UInt8(ascii: "\n")).compactMap {
            SocketEntry(line: $0, transportProtocol, family)
        }
    }

    /// `sl local rem st tx:rx tr:when retrnsmt uid timeout inode …`
    private init?(line: ArraySlice<UInt8>, _ transportProtocol: IPProtocol, _ family: IPFamily) {
        let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 10)
        guard fields.count > 9,
            let (local, localPort) = Self.end(fields[1], family),
            let (remote, remotePort) = Self.end(fields[2], family),
            let state = Self.number(fields[3], UInt8.self, radix: 16).flatMap(State.init),
            let user = Self.number(fields[7], UInt32.self, radix: 10),
            let inode = Self.number(fields[9], UInt64.self, radix: 10)
        else { return nil }
        self.init(
            transportProtocol: transportProtocol,
            family: family,
            local: local,
            localPort: localPort,
            remote: remote,
            remotePort: remotePort,
            state: state,
            user: user,
            inode: inode
        )
    }

    /// `0100007F:0016`: the words of an address as this machine reads them from memory, and the port.
    private static func end(_ text: ArraySlice<UInt8>, _ family: IPFamily) -> (IPAddress, UInt16)? {
        let digits = family == .ipv4 ? 8 : 32
        guard text.count == digits + 5, text.dropFirst(digits).first == UInt8(ascii: ":"),
            let port = number(text.suffix(4), UInt16.self, radix: 16)
        else { return nil }
        var value: UInt128 = 0
        for start in stride(from: 0, to: digits, by: 8) {
            let digits = text.dropFirst(start).prefix(8)
            guard let word = number(digits, UInt32.self, radix: 16) else { return nil }
            value = value << 32 | UInt128(UInt32(bigEndian: word))
        }
        return (IPAddress(family: family, value: value).withoutMapping, port)
    }

    private static func number<Number: FixedWidthInteger>(
        _ text: ArraySlice<UInt8>,
        _: Number.Type,
        radix: Int
    ) -> Number? {
        Number(String(decoding: text, as: UTF8.self), radix: radix)
    }
}

extension IPAddress {
    /// The IPv4 address that an IPv6 address of the form `::ffff:a.b.c.d` stands for (RFC 4291 section 2.5.5.2).
    var withoutMapping: IPAddress {
        guard family == .ipv6, value >> 32 == 0xFFFF else { return self }
        return IPAddress(family: .ipv4, value: value & 0xFFFF_FFFF)
    }

    /// The address of a host to itself (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3).
    var isLoopback: Bool {
        switch family {
        case .ipv4: value >> 24 == 127
        case .ipv6: value == 1
        }
    }
}
