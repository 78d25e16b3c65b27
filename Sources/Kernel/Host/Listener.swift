package import PacketModel

/// A socket of this host that waits for others to begin: a listening one of TCP, an unconnected one of UDP.
package struct Listener: Hashable, Sendable {
    /// TCP or UDP.
    package var transportProtocol: IPProtocol
    /// The address that it is bound to; the unspecified one for every address. An IPv4 address that a socket of IPv6
    /// holds (RFC 4291 section 2.5.5.2) is an IPv4 address here.
    package var address: IPAddress
    package var port: UInt16
    /// A socket of IPv6 on every address that takes IPv4 too (ipv6(7), `IPV6_V6ONLY`).
    package var takesBothFamilies: Bool
    /// What the kernel calls the program that holds it; nil when nobody's descriptors show it. A program calls itself what
    /// it likes: only where ``isOfRoot`` holds the name tells anything.
    package var process: String?
    /// The user whose program it is; nil for root.
    package var user: String?
    /// The socket is root's, and so is the program that holds it, from a file that root alone can write.
    package var isOfRoot: Bool

    package init(
        _ transportProtocol: IPProtocol,
        _ address: IPAddress,
        port: UInt16,
        takesBothFamilies: Bool = false,
        process: String? = nil,
        user: String? = nil,
        isOfRoot: Bool = false
    ) {
        self.transportProtocol = transportProtocol
        self.address = address
        self.port = port
        self.takesBothFamilies = takesBothFamilies
        self.process = process
        self.user = user
        self.isOfRoot = isOfRoot
    }
}
