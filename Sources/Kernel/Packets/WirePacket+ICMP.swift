package import PacketModel

extension WirePacket {
    /// An echo request (RFC 792, RFC 4443 section 4.1).
    package static func echoRequest(
        from source: IPAddress,
        to destination: IPAddress,
        identifier: UInt16,
        sequence: UInt16 = 1,
        payload: [UInt8] = []
    ) -> WirePacket {
        let type: UInt8 = source.family == .ipv4 ? 8 : 128
        let rest = UInt32(identifier) << 16 | UInt32(sequence)
        return WirePacket(
            from: source,
            to: destination,
            .icmp(type: type, code: 0, rest: rest),
            payload: payload
        )
    }

    /// An ICMP error by which a router on the way answers `quoted` (RFC 792, RFC 4443 section 3).
    package static func icmpError(
        from router: IPAddress,
        type: UInt8,
        code: UInt8,
        rest: UInt32 = 0,
        quoting quoted: WirePacket
    ) -> WirePacket {
        let start = Array(quoted.bytes.prefix(512))
        return WirePacket(
            from: router,
            to: quoted.source,
            .icmp(type: type, code: code, rest: rest),
            payload: start
        )
    }

    /// "Fragmentation needed" (RFC 1191 section 4) or "packet too big" (RFC 4443 section 3.2).
    package static func tooBig(from router: IPAddress, mtu: UInt16, quoting quoted: WirePacket) -> WirePacket
    {
        switch quoted.family {
        case .ipv4: icmpError(from: router, type: 3, code: 4, rest: UInt32(mtu), quoting: quoted)
        case .ipv6: icmpError(from: router, type: 2, code: 0, rest: UInt32(mtu), quoting: quoted)
        }
    }

    /// The packet that an ICMP error says it is about; nil for everything else.
    package var quotedPacket: WirePacket? {
        guard case .icmp(let type, _, _) = transport else { return nil }
        let errors: Set<UInt8> = family == .ipv4 ? [3, 4, 5, 11, 12] : [1, 2, 3, 4]
        return errors.contains(type) ? WirePacket(parsing: payload) : nil
    }
}
