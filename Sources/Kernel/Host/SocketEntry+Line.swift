import PacketModel

extension SocketEntry {
    /// A line of a table: `sl local rem st tx:rx tr:when retrnsmt uid timeout inode …`
    ///
    /// Nil for the heading, and for a line that is none.
    init?(line: ArraySlice<UInt8>, _ transportProtocol: IPProtocol, _ family: IPFamily) {
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

    /// The line above the others: `sl local_address rem_address st …`
    static func isHeading(_ line: ArraySlice<UInt8>) -> Bool {
        line.split(separator: UInt8(ascii: " ")).first.map { $0.elementsEqual("sl".utf8) } ?? false
    }

    /// Whether a line that is no entry is one of a kernel with more states than are known here.
    static func isOfUnknownState(_ line: ArraySlice<UInt8>) -> Bool {
        let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 10)
        guard fields.count > 9, let number = number(fields[3], UInt8.self, radix: 16) else { return false }
        return State(rawValue: number) == nil
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
