/// A part of a netlink message: length and type in host order, then the value (netlink(7)).
struct NetlinkAttribute {
    var type: UInt16
    var value: ArraySlice<UInt8>

    init(_ type: UInt16, _ value: [UInt8]) {
        self.type = type
        self.value = value[...]
    }

    private init(type: UInt16, value: ArraySlice<UInt8>) {
        self.type = type
        self.value = value
    }

    /// The bytes, padded to a multiple of four.
    var bytes: [UInt8] {
        let length = 4 + value.count
        let padding = [UInt8](repeating: 0, count: Self.aligned(length) - length)
        return UInt16(length).hostBytes + type.hostBytes + value + padding
    }

    /// The attributes up to the first one whose length makes no sense.
    static func all(in bytes: ArraySlice<UInt8>) -> [NetlinkAttribute] {
        var result: [NetlinkAttribute] = []
        var rest = bytes
        while rest.count >= 4 {
            let length = Int(rest.hostOrder(UInt16.self, at: 0))
            guard length >= 4, length <= rest.count else { break }
            // The two highest bits are flags: nested, and network order.
            let type = rest.hostOrder(UInt16.self, at: 2) & 0x3FFF
            result.append(NetlinkAttribute(type: type, value: rest.prefix(length).dropFirst(4)))
            rest = rest.dropFirst(aligned(length))
        }
        return result
    }

    static func aligned(_ length: Int) -> Int { (length + 3) & ~3 }
}

extension FixedWidthInteger {
    /// The bytes in the order of this machine.
    var hostBytes: [UInt8] { bigEndian.bytes }
}

extension ArraySlice<UInt8> {
    /// An integer in the order of this machine, at an offset that the caller knows to be inside.
    func hostOrder<Integer: FixedWidthInteger>(_: Integer.Type, at offset: Int) -> Integer {
        Integer(bigEndian: Integer(dropFirst(offset)))
    }
}
