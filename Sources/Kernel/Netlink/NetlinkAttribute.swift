/// A part of a netlink message: length and type in host order, then the value (netlink(7)).
struct NetlinkAttribute: Hashable, Sendable {
    var type: UInt16
    /// At most 65,531 bytes, for the length counts them and four more in 16 bits.
    var value: ArraySlice<UInt8>

    init(_ type: UInt16, _ value: [UInt8]) {
        self.init(type: type, value: value[...])
    }

    /// An attribute that holds others.
    init(_ type: UInt16, nested attributes: [NetlinkAttribute]) {
        self.init(type: type | Self.nestedFlag, value: attributes.flatMap(\.bytes)[...])
    }

    private init(type: UInt16, value: ArraySlice<UInt8>) {
        self.type = type
        self.value = value
    }

    /// NLA_F_NESTED (linux/netlink.h).
    private static let nestedFlag: UInt16 = 0x8000

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

extension NetlinkAttribute {
    /// The attributes that this one holds.
    var nested: [NetlinkAttribute] { Self.all(in: value) }

    /// The text before the first zero byte.
    var text: String { String(decoding: value.prefix { $0 != 0 }, as: UTF8.self) }

    /// The integer in network order, as netfilter has them; nil when the value has another size.
    func integer<Integer: FixedWidthInteger>(_: Integer.Type) -> Integer? {
        value.count == Integer.bitWidth / 8 ? Integer(value) : nil
    }
}

extension FixedWidthInteger {
    /// The bytes in the order of this machine.
    var hostBytes: [UInt8] { bigEndian.bytes }
}

extension ArraySlice<UInt8> {
    /// An integer in the order of this machine, at an offset that the caller knows to be inside.
    func hostOrder<Integer: FixedWidthInteger & BitwiseCopyable>(_: Integer.Type, at offset: Int) -> Integer {
        unsafe withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: Integer.self) }
    }
}
