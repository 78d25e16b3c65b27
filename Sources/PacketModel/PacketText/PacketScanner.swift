/// Reads packets in JSON, one object a line, without the objects of a general reader: the keys are few and the
/// objects flat (RFC 8259).
package struct PacketScanner {
    private let bytes: [UInt8]
    private var place = 0
    private var end = 0

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The object within the range, which is a line.
    package mutating func read(_ range: Range<Int>) throws(UnreadablePacket) -> PacketDescription {
        (place, end) = (range.lowerBound, range.upperBound)
        var packet = PacketDescription()
        try expect(UInt8(ascii: "{"))
        skipBlanks()
        if peek == UInt8(ascii: "}") {
            place += 1
        } else {
            while true {
                try readMember(into: &packet)
                skipBlanks()
                if peek == UInt8(ascii: ",") {
                    place += 1
                    continue
                }
                try expect(UInt8(ascii: "}"))
                break
            }
        }
        skipBlanks()
        guard place == end else { throw unexpected("the end of the line") }
        if let contradiction = packet.contradiction {
            throw unreadable(contradiction, range.lowerBound)
        }
        return packet
    }

    private var peek: UInt8? { place < end ? bytes[place] : nil }

    private mutating func skipBlanks() {
        while place < end, bytes[place] == 0x20 || bytes[place] == 0x09 || bytes[place] == 0x0D { place += 1 }
    }

    private mutating func expect(_ byte: UInt8) throws(UnreadablePacket) {
        skipBlanks()
        guard peek == byte else { throw unexpected("'\(Character(Unicode.Scalar(byte)))'") }
        place += 1
    }

    private func unexpected(_ wanted: String) -> UnreadablePacket {
        unreadable("expected \(wanted)", place)
    }

    private func unreadable(_ message: String, _ place: Int) -> UnreadablePacket {
        UnreadablePacket(message, at: place..<min(place + 1, end))
    }

    private mutating func readMember(into packet: inout PacketDescription) throws(UnreadablePacket) {
        skipBlanks()
        let start = place
        let name = try string()
        guard let key = key(name) ?? PacketKey(name: text(name)) else {
            throw unreadable("a packet has no \(text(name))", start)
        }
        try expect(UInt8(ascii: ":"))
        skipBlanks()
        let valueStart = place
        do throws(UnreadablePacket) {
            switch peek {
            case UInt8(ascii: "\""):
                let value = try string()
                // An address is what most values are.
                if key == .source || key == .destination, let address = IPAddress(dotted: bytes[value]) {
                    if key == .source { packet.source = address } else { packet.destination = address }
                } else {
                    try key.read(text(value), into: &packet)
                }
            case UInt8(ascii: "["): try key.read(try strings(), into: &packet)
            case UInt8(ascii: "n"):
                // null leaves it out.
                guard text(word()) == "null" else {
                    throw unreadable("expected null", valueStart)
                }
            case let first? where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first):
                try readNumber(key, into: &packet)
            case .some: try key.read(text(word()), into: &packet)
            case nil: throw unexpected("a value")
            }
        } catch {
            throw error.at(valueStart..<place)
        }
    }

    private mutating func readNumber(_ key: PacketKey, into packet: inout PacketDescription)
        throws(UnreadablePacket)
    {
        let range = word()
        var value: UInt64 = 0
        for place in range {
            let digit = bytes[place] &- UInt8(ascii: "0")
            guard digit < 10, value < 1 << 56 else { return try key.read(text(range), into: &packet) }
            value = value * 10 + UInt64(digit)
        }
        try key.read(value, into: &packet)
    }

    /// The bytes between quotation marks. Escapes have no place in what packets have.
    private mutating func string() throws(UnreadablePacket) -> Range<Int> {
        guard peek == UInt8(ascii: "\"") else { throw unexpected("a string") }
        let start = place + 1
        var next = start
        while next < end, bytes[next] != UInt8(ascii: "\"") {
            guard bytes[next] != UInt8(ascii: "\\"), bytes[next] >= 0x20 else {
                throw unreadable("no escapes or control characters here", next)
            }
            next += 1
        }
        guard next < end else { throw unreadable("the string does not end", place) }
        place = next + 1
        return start..<next
    }

    /// `["syn", "ack"]`, as `syn,ack`.
    private mutating func strings() throws(UnreadablePacket) -> String {
        place += 1
        var parts: [String] = []
        skipBlanks()
        while peek != UInt8(ascii: "]") {
            if !parts.isEmpty { try expect(UInt8(ascii: ",")) }
            skipBlanks()
            parts.append(text(try string()))
            skipBlanks()
        }
        place += 1
        return parts.isEmpty ? "none" : parts.joined(separator: ",")
    }

    private mutating func word() -> Range<Int> {
        let start = place
        while place < end, !Self.endsWord(bytes[place]) { place += 1 }
        return start..<place
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x20, 0x09, 0x0D: true
        default: false
        }
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The keys by their bytes, which saves a text for each; a name that is none of them is looked at again as text.
    private func key(_ name: Range<Int>) -> PacketKey? {
        guard let last = name.last,
            let (key, text) = Self.keys[Self.slot(bytes[name.lowerBound], bytes[last], name.count)],
            text.count == name.count
        else { return nil }
        for (place, byte) in zip(name, text) where bytes[place] != byte { return nil }
        return key
    }

    private static func slot(_ first: UInt8, _ last: UInt8, _ count: Int) -> Int {
        (Int(first) &* 31 &+ Int(last) &* 7 &+ count) & 255
    }

    private static let keys: [(key: PacketKey, text: [UInt8])?] = {
        var keys = [(key: PacketKey, text: [UInt8])?](repeating: nil, count: 256)
        for key in PacketKey.allCases {
            let text = Array(key.rawValue.utf8)
            if let first = text.first, let last = text.last {
                keys[slot(first, last, text.count)] = (key, text)
            }
        }
        return keys
    }()
}
