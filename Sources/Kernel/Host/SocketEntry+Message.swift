import CKernel
import Glibc
import Netlink
import PacketModel

extension SocketEntry {
    /// An answer of sock_diag(7): `struct inet_diag_msg` and its attributes. Nil for one that is too short, or of another
    /// kind of socket.
    init?(message body: ArraySlice<UInt8>, _ transportProtocol: IPProtocol) {
        let length = MemoryLayout<inet_diag_msg>.size
        guard body.count >= length else { return nil }
        let message = unsafe body.withUnsafeBytes { bytes in
            unsafe bytes.loadUnaligned(as: inet_diag_msg.self)
        }
        let family: IPFamily
        switch Int32(message.idiag_family) {
        case AF_INET: family = .ipv4
        case AF_INET6: family = .ipv6
        default: return nil
        }
        guard let state = State(rawValue: message.idiag_state) else { return nil }
        let attributes = NetlinkAttribute.readable(in: body.dropFirst(length))
        self.init(
            transportProtocol: transportProtocol,
            family: family,
            local: Self.address(message.id.idiag_src, family),
            localPort: UInt16(bigEndian: message.id.idiag_sport),
            remote: Self.address(message.id.idiag_dst, family),
            remotePort: UInt16(bigEndian: message.id.idiag_dport),
            state: state,
            user: message.idiag_uid,
            inode: UInt64(message.idiag_inode),
            cookie: UInt64(message.id.idiag_cookie.0) | UInt64(message.id.idiag_cookie.1) << 32,
            isIPv6Only: attributes.first { $0.type == UInt16(INET_DIAG_SKV6ONLY) }.map {
                $0.value.first == 1
            },
            interface: message.id.idiag_if
        )
    }

    private static func address(
        _ words: (UInt32, UInt32, UInt32, UInt32),
        _ family: IPFamily
    ) -> IPAddress {
        let parts = [words.0, words.1, words.2, words.3].map { UInt128(UInt32(bigEndian: $0)) }
        switch family {
        case .ipv4: return IPAddress(family: .ipv4, value: parts[0])
        case .ipv6:
            return IPAddress(family: .ipv6, value: parts.reduce(0) { $0 << 32 | $1 }).withoutMapping
        }
    }
}
