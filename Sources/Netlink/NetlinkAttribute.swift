/// A part of a netlink message: length and type in host order, then the value (netlink(7)).
package struct NetlinkAttribute: Hashable, Sendable {
    package var type: UInt16
    /// At most 65,531 bytes, for the length counts them and four more in 16 bits.
    package var value: ArraySlice<UInt8>

    package init(_ type: UInt16, _ value: [UInt8]) {
        self.init(type: type, value: value[...])
    }

    /// An attribute that holds others.
    package init(_ type: UInt16, nested attributes: [NetlinkAttribute]) {
        self.init(type: type | Self.nestedFlag, value: attributes.flatMap(\.bytes)[...])
    }

    private init(type: UInt16, value: ArraySlice<UInt8>) {
        self.type = type
        self.value = value
    }

    /// NLA_F_NESTED (linux/netlink.h).
    private static let nestedFlag: UInt16 = 0x8000

    /// The bytes, padded to a multiple of four.
    package var bytes: [UInt8] {
        let length = Self.headerLength + value.count
        let padding = [UInt8](repeating: 0, count: Self.aligned(length) - length)
        return UInt16(length).hostBytes + type.hostBytes + value + padding
    }

    /// The attributes of a list, all of it.
    package static func all(in bytes: ArraySlice<UInt8>) throws(NetlinkDamage) -> [NetlinkAttribute] {
        let (attributes, damage) = read(bytes)
        if let damage { throw damage }
        return attributes
    }

    /// The attributes up to the first one whose length makes no sense.
    package static func readable(in bytes: ArraySlice<UInt8>) -> [NetlinkAttribute] { read(bytes).attributes }

    private static func read(
        _ bytes: ArraySlice<UInt8>
    ) -> (attributes: [NetlinkAttribute], damage: NetlinkDamage?) {
        var result: [NetlinkAttribute] = []
        var rest = bytes
        while !rest.isEmpty {
            let offset = rest.startIndex - bytes.startIndex
            guard rest.count >= headerLength else { return (result, NetlinkDamage(.headerIsCut, at: offset)) }
            let length = Int(rest.hostOrder(UInt16.self, at: 0))
            guard length >= headerLength else {
                return (result, NetlinkDamage(.lengthIsTooShort(length), at: offset))
            }
            guard length <= rest.count else {
                return (result, NetlinkDamage(.lengthIsTooLong(length), at: offset))
            }
            // The two highest bits are flags: nested, and network order.
            let type = rest.hostOrder(UInt16.self, at: 2) & 0x3FFF
            result.append(NetlinkAttribute(type: type, value: rest.prefix(length).dropFirst(headerLength)))
            rest = rest.dropFirst(aligned(length))
        }
        return (result, nil)
    }

    private static let headerLength = 4

    package static func aligned(_ length: Int) -> Int { (length + 3) & ~3 }
}

extension NetlinkAttribute {
    /// The attributes that this one holds, up to the first one whose length makes no sense.
    package var nested: [NetlinkAttribute] { Self.readable(in: value) }

    /// The text before the first zero byte.
    package var text: String { String(decoding: value.prefix { $0 != 0 }, as: UTF8.self) }

    /// The integer in network order, as netfilter has them; nil when the value has another size.
    package func integer<Integer: FixedWidthInteger>(_: Integer.Type) -> Integer? {
        value.count == Integer.bitWidth / 8 ? Integer(value) : nil
    }
}

extension [NetlinkAttribute] {
    /// The first of a type.
    package subscript(type: UInt16) -> NetlinkAttribute? { first { $0.type == type } }
}
