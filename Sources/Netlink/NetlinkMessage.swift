import CKernel
package import SystemPackage

/// A message of the kernel (netlink(7), `struct nlmsghdr`).
package struct NetlinkMessage: Hashable, Sendable {
    /// For netfilter the subsystem is the high byte, what it says the low one (linux/netfilter/nfnetlink.h).
    package var type: UInt16
    package var flags: UInt16
    /// The number of the request that it answers; 0 for what nobody asked for.
    package var sequence: UInt32
    /// What stands after the header. It shares the storage of the datagram.
    package var body: ArraySlice<UInt8>

    package init(type: UInt16, flags: UInt16, sequence: UInt32, body: ArraySlice<UInt8>) {
        self.type = type
        self.flags = flags
        self.sequence = sequence
        self.body = body
    }

    /// The messages of a datagram, all of it.
    package static func all(in datagram: [UInt8]) throws(NetlinkDamage) -> [NetlinkMessage] {
        var result: [NetlinkMessage] = []
        var rest = datagram[...]
        while !rest.isEmpty {
            let offset = rest.startIndex
            guard rest.count >= headerLength else { throw NetlinkDamage(.headerIsCut, at: offset) }
            let length = Int(rest.hostOrder(UInt32.self, at: 0))
            guard length >= headerLength else { throw NetlinkDamage(.lengthIsTooShort(length), at: offset) }
            guard length <= rest.count else { throw NetlinkDamage(.lengthIsTooLong(length), at: offset) }
            result.append(
                NetlinkMessage(
                    type: rest.hostOrder(UInt16.self, at: 4),
                    flags: rest.hostOrder(UInt16.self, at: 6),
                    sequence: rest.hostOrder(UInt32.self, at: 8),
                    body: rest.prefix(length).dropFirst(headerLength)
                )
            )
            rest = rest.dropFirst(NetlinkAttribute.aligned(length))
        }
        return result
    }

    /// The bytes of a message to the kernel, which takes any sender's number for its own (`nlmsg_pid` 0).
    package var bytes: [UInt8] {
        let length = UInt32(Self.headerLength + body.count).hostBytes
        return length + type.hostBytes + flags.hostBytes + sequence.hostBytes + UInt32(0).bytes + body
    }

    /// The bytes up to where the next message may begin.
    package var paddedBytes: [UInt8] {
        let bytes = bytes
        return bytes + [UInt8](repeating: 0, count: NetlinkAttribute.aligned(bytes.count) - bytes.count)
    }

    /// Of `struct nlmsghdr`.
    static let headerLength = 16

    /// The error number of NLMSG_ERROR, which is 0 for an acknowledgement, and of NLMSG_DONE; nil for others.
    package var errorNumber: Errno? {
        guard type == UInt16(NLMSG_ERROR) || type == UInt16(NLMSG_DONE) else { return nil }
        // A NLMSG_DONE of old may have no body.
        guard body.count >= 4 else { return Errno(rawValue: 0) }
        return Errno(rawValue: 0 &- body.hostOrder(Int32.self, at: 0))
    }
}

/// What the messages of netfilter have before their attributes (`struct nfgenmsg`).
extension NetlinkMessage {
    private static let generalLength = 4

    package var subsystem: UInt8 { UInt8(type >> 8) }
    package var message: UInt8 { UInt8(truncatingIfNeeded: type) }
    /// `NFPROTO_…`; 0 when the message is too short to say.
    package var family: UInt8 { body.first ?? 0 }
    /// `NFNETLINK_V0`.
    package var version: UInt8 { body.dropFirst().first ?? 0 }
    /// What the subsystem makes of it: the group of a log, the low bits of the generation of nf_tables.
    package var resource: UInt16 {
        body.count >= Self.generalLength ? UInt16(body.dropFirst(2)) : 0
    }
    /// The attributes up to the first one whose length makes no sense.
    package var attributes: [NetlinkAttribute] {
        NetlinkAttribute.readable(in: body.dropFirst(Self.generalLength))
    }

    /// All the attributes, or where they are damaged.
    package func allAttributes() throws(NetlinkDamage) -> [NetlinkAttribute] {
        try NetlinkAttribute.all(in: body.dropFirst(Self.generalLength))
    }

    /// The body of a request.
    package static func body(family: UInt8, resource: UInt16, _ attributes: [NetlinkAttribute]) -> [UInt8] {
        [family, UInt8(NFNETLINK_V0)] + resource.bytes + attributes.flatMap(\.bytes)
    }

    package static func type(subsystem: UInt8, message: UInt8) -> UInt16 {
        UInt16(subsystem) << 8 | UInt16(message)
    }
}
