import CKernel
import Glibc
import Netlink
import PacketModel
import SystemPackage

/// Reads the sockets of TCP and UDP of a network namespace.
///
/// The kernel is asked by sock_diag(7): for one socket by its ends, or for a list of those in some states, which comes
/// message by message. So what is asked does not grow with sockets that others opened for something else. Where the
/// kernel has no such part (`CONFIG_INET_DIAG`), or a sandbox forbids it, the tables under /proc/net are read line by
/// line.
struct SocketReader: Sendable {
    /// The kernel answers of the namespace of the thread that made this.
    private let netlink: NetlinkSocket?
    /// Where the tables are.
    private let folder: String

    /// Of the calling thread's network namespace.
    init() throws(SystemError) {
        folder = "/proc/thread-self/net"
        do throws(SystemError) {
            netlink = try NetlinkSocket(protocol: NETLINK_SOCK_DIAG)
        } catch {
            guard Self.meansNoSuchPart(error.errno) else { throw error }
            netlink = nil
        }
    }

    /// By the tables in a folder, which may be those of another namespace (proc_pid_net(5)). Sockets have no cookies there.
    init(tablesIn folder: String) {
        self.folder = folder
        netlink = nil
    }

    /// The sockets of a protocol that are in one of these states, in no order. The list may change while it is read.
    func visit(
        _ transportProtocol: IPProtocol,
        in states: Set<SocketEntry.State>,
        _ visit: (SocketEntry) -> Void
    ) throws(SystemError) {
        for family in IPFamily.allCases {
            if let netlink {
                do throws(SystemError) {
                    let request = Self.request(transportProtocol, family, in: states)
                    let isWhole = try netlink.walk(type: Self.byFamily, body: request) { message in
                        SocketEntry(message: message.body, transportProtocol).map(visit)
                    }
                    guard isWhole else { throw SystemError("list the sockets", .noBufferSpace) }
                    continue
                } catch {
                    guard Self.meansNoSuchPart(error.errno) else { throw error }
                }
            }
            try visitLines(transportProtocol, family) { entry in
                if states.contains(entry.state) { visit(entry) }
            }
        }
    }

    /// The connected socket of TCP with these ends; nil when there is none.
    func connection(_ ends: SocketEnds) throws(SystemError) -> SocketEntry? {
        if let found = try lookUp(ends) { return found.state == .listen ? nil : found }
        return nil
    }

    /// The socket of TCP that takes connections to where this one goes; nil when none does (any more).
    func listener(for connection: SocketEnds) throws(SystemError) -> SocketEntry? {
        // A packet from a port that nobody has comes to the socket that listens.
        var ends = connection
        (ends.remote, ends.remotePort) = (connection.local, 0)
        let found = try lookUp(ends)
        return found?.state == .listen ? found : nil
    }

    private func lookUp(_ ends: SocketEnds) throws(SystemError) -> SocketEntry? {
        guard let netlink, try answersForTCP(netlink) else { return try search(ends) }
        let request = Self.request(.tcp, ends.local.family, in: SocketEntry.State.all, ends)
        do throws(SystemError) {
            let answers = try netlink.request(type: Self.byFamily, flags: 0, body: request)
            return answers.lazy.compactMap { SocketEntry(message: $0.body, .tcp) }.first
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            return nil
        }
    }

    /// "No such socket" and "no such part of the kernel" are one error, so the part is asked for nothing first.
    private func answersForTCP(_ netlink: NetlinkSocket) throws(SystemError) -> Bool {
        do throws(SystemError) {
            try netlink.walk(type: Self.byFamily, body: Self.request(.tcp, .ipv4, in: [])) { _ in }
            return true
        } catch {
            guard Self.meansNoSuchPart(error.errno) else { throw error }
            return false
        }
    }

    /// The same by the tables: the socket with these ends, or else the one that listens there.
    private func search(_ ends: SocketEnds) throws(SystemError) -> SocketEntry? {
        var (exact, listening): (SocketEntry?, SocketEntry?)
        for family in IPFamily.allCases {
            try visitLines(.tcp, family) { entry in
                if entry.isBetween(ends), entry.state != .listen { exact = entry }
                if entry.listens(to: ends.local, ends.localPort), listening?.isWildcard ?? true {
                    listening = entry
                }
            }
        }
        return exact ?? listening
    }

    private func visitLines(
        _ transportProtocol: IPProtocol,
        _ family: IPFamily,
        _ visit: (SocketEntry) -> Void
    ) throws(SystemError) {
        let path = folder + "/" + (transportProtocol == .tcp ? "tcp" : "udp") + (family == .ipv6 ? "6" : "")
        var (isWhole, hasHeading) = (true, false)
        let isThere = try HostFiles().visitLines(of: path) { line in
            // The first line says what the others are; something else may be mounted in the place of the table.
            guard hasHeading else {
                hasHeading = true
                isWhole = SocketEntry.isHeading(line)
                return
            }
            if let entry = SocketEntry(line: line, transportProtocol, family) {
                visit(entry)
            } else if !SocketEntry.isOfUnknownState(line) {
                isWhole = false
            }
        }
        // Without IPv6 there is no table of it; one of IPv4 is there always.
        if !isThere {
            if family == .ipv6 { return }
            throw SystemError("read \(path)", .noSuchFileOrDirectory)
        }
        guard isWhole, hasHeading else { throw SystemError("understand \(path)", Errno(rawValue: EPROTO)) }
    }

    private static let byFamily = UInt16(SOCK_DIAG_BY_FAMILY)

    /// `struct inet_diag_req_v2`: family, protocol, what to tell besides, padding, states, and the socket that is meant.
    private static func request(
        _ transportProtocol: IPProtocol,
        _ family: IPFamily,
        in states: Set<SocketEntry.State>,
        _ ends: SocketEnds? = nil
    ) -> [UInt8] {
        var mask = states.reduce(UInt32(0)) { $0 | 1 << $1.rawValue }
        // A connection whose handshake goes on has a number of its own inside the kernel (TCP_NEW_SYN_RECV).
        if states.contains(.synReceived) { mask |= 1 << 12 }
        let domain = UInt8(SocketAddress.domain(of: family))
        let start = [domain, transportProtocol.number, 0, 0] + mask.hostBytes
        guard let ends else {
            return start + [UInt8](repeating: 0, count: MemoryLayout<inet_diag_sockid>.size)
        }
        let noCookie = [UInt8](repeating: 0xFF, count: 8)
        return start + ends.localPort.bytes + ends.remotePort.bytes + padded(ends.local) + padded(ends.remote)
            + ends.interface.hostBytes + noCookie
    }

    private static func padded(_ address: IPAddress) -> [UInt8] {
        address.bytes + [UInt8](repeating: 0, count: 16 - address.bytes.count)
    }

    private static func meansNoSuchPart(_ error: Errno) -> Bool {
        [
            .noSuchFileOrDirectory, .invalidArgument, .notPermitted, .permissionDenied,
            .protocolNotSupported, .addressFamilyNotSupported, .notSupportedOnSocket,
        ].contains(error)
    }
}

/// The two ends of a connection, as its host sees them.
struct SocketEnds: Hashable, Sendable {
    var local: IPAddress
    var localPort: UInt16
    var remote: IPAddress
    var remotePort: UInt16
    /// The number of the interface that the socket is bound to (socket(7), `SO_BINDTODEVICE`), as those of link-local
    /// addresses are; 0 for none.
    var interface: UInt32 = 0
}

extension SocketEnds {
    init(of entry: SocketEntry) {
        self.init(
            local: entry.local,
            localPort: entry.localPort,
            remote: entry.remote,
            remotePort: entry.remotePort,
            interface: entry.interface
        )
    }
}

extension SocketEntry {
    func isBetween(_ ends: SocketEnds) -> Bool {
        (local, localPort, remote, remotePort)
            == (ends.local, ends.localPort, ends.remote, ends.remotePort)
    }

    /// Whether it takes connections of TCP to an address and port.
    fileprivate func listens(to address: IPAddress, _ port: UInt16) -> Bool {
        state == .listen && localPort == port
            && (local == address || isWildcard && (local.family == address.family || isIPv6Only != true))
    }
}
