import PacketModel

/// A socket of TCP or UDP that a process holds.
struct HeldSocket: Hashable, Sendable {
    var inode: UInt64
    var transportProtocol: IPProtocol = .tcp
    var isListening: Bool
    /// The remote port of one that is not connected is 0.
    var ends: SocketEnds
}
