import PacketModel

/// A socket as the kernel lists it: an answer of sock_diag(7), or a line of /proc/net/tcp and its like (proc_pid_net(5)).
struct SocketEntry: Hashable, Sendable {
    /// The states of RFC 9293 section 3.3.2, by the numbers of include/net/tcp_states.h. UDP has `established` for a
    /// connected socket and `closed` for any other.
    enum State: UInt8, CaseIterable {
        case established = 1
        case synSent, synReceived, finWait1, finWait2, timeWait, closed, closeWait, lastAck, listen, closing

        static let all = Set(allCases)
        /// Of what lives, or may; see ``SocketEntry/isLive``.
        static let living: Set<State> = [.established, .finWait1, .finWait2, .closeWait]
    }

    var transportProtocol: IPProtocol
    /// The family of the socket; one of IPv6 may hold addresses of IPv4.
    var family: IPFamily
    var local: IPAddress
    var localPort: UInt16
    var remote: IPAddress
    var remotePort: UInt16
    var state: State
    var user: UInt32
    /// 0 for a socket that no program holds any more, or not yet.
    var inode: UInt64
    /// What the kernel calls the socket as long as it lives, and no other since the machine started; a connection has it
    /// from its first packet on. Nil where the kernel does not say.
    var cookie: UInt64?
    /// A socket of IPv6 that takes no IPv4 (ipv6(7), `IPV6_V6ONLY`); nil where the kernel does not say.
    var isIPv6Only: Bool?
    /// The number of the interface that it is bound to; 0 for none, and where the kernel does not say.
    var interface: UInt32 = 0

    /// Others may begin a conversation with it.
    var isListener: Bool {
        transportProtocol == .tcp ? state == .listen : state == .closed && localPort != 0
    }

    /// It may still carry data to or fro: both sides keep it, or one has said its last and a program here goes on.
    var isLive: Bool {
        switch state {
        case .established: true
        case .finWait1, .finWait2, .closeWait: inode != 0
        case .synSent, .synReceived, .timeWait, .closed, .lastAck, .listen, .closing: false
        }
    }

    var isWildcard: Bool { local.value == 0 }
}
