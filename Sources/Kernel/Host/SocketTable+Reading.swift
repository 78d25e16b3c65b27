import CKernel
import Glibc
import PacketModel
import SystemPackage

extension SocketTable {
    /// The sockets of the calling thread's network namespace. What is not for this user to see, is absent.
    package static func read() -> SocketTable { read(owners: .read()) }

    static func read(owners: SocketOwners) -> SocketTable {
        SocketTable(
            entries(in: "/proc/thread-self/net"),
            owners: owners,
            interfaces: InterfaceAddresses.read(),
            ipv6Only: ipv6OnlySockets()
        )
    }

    /// The sockets of the network namespace that a process runs in (proc_pid_net(5)).
    ///
    /// What only a socket in that namespace could ask is not known: the interfaces, and which sockets of IPv6 take
    /// no IPv4.
    static func read(ofProcess process: Int32, owners: SocketOwners) -> SocketTable {
        SocketTable(entries(in: "/proc/\(process)/net"), owners: owners)
    }

    private static func entries(in folder: String) -> [SocketEntry] {
        let tables: [(String, IPProtocol, IPFamily)] = [
            ("tcp", .tcp, .ipv4), ("tcp6", .tcp, .ipv6), ("udp", .udp, .ipv4), ("udp6", .udp, .ipv6),
        ]
        return tables.flatMap { name, transportProtocol, family in
            // Without IPv6 there is no table of it.
            HostFiles().bytes(of: "\(folder)/\(name)").map {
                SocketEntry.all(in: $0, transportProtocol, family)
            } ?? []
        }
    }

    /// The inodes of listening sockets of IPv6 that take no IPv4 (sock_diag(7)); nil where the kernel cannot say it.
    static func ipv6OnlySockets() -> Set<UInt64>? {
        do {
            let socket = try NetlinkSocket(protocol: NETLINK_SOCK_DIAG)
            var result: Set<UInt64> = []
            for transportProtocol in [IPProtocol.tcp, .udp] {
                let messages = try socket.dump(
                    type: UInt16(SOCK_DIAG_BY_FAMILY),
                    body: request(transportProtocol)
                )
                result.formUnion(messages.compactMap { ipv6OnlySocket($0.body) })
            }
            return result
        } catch {
            // A kernel may be without it (CONFIG_INET_DIAG), and a sandbox may forbid it.
            return nil
        }
    }

    /// `struct inet_diag_req_v2`: family, protocol, what to tell besides, padding, states, and no particular socket.
    private static func request(_ transportProtocol: IPProtocol) -> [UInt8] {
        let states = [SocketEntry.State.listen, .closed].reduce(UInt32(0)) { $0 | 1 << $1.rawValue }
        let start = [UInt8(AF_INET6), transportProtocol.number, 0, 0] + states.hostBytes
        return start + [UInt8](repeating: 0, count: MemoryLayout<inet_diag_sockid>.size)
    }

    /// The inode of a socket whose `INET_DIAG_SKV6ONLY` is set.
    private static func ipv6OnlySocket(_ body: ArraySlice<UInt8>) -> UInt64? {
        let length = MemoryLayout<inet_diag_msg>.size
        guard body.count >= length,
            let inode = MemoryLayout<inet_diag_msg>.offset(of: \.idiag_inode),
            let attribute = NetlinkAttribute.all(in: body.dropFirst(length)).first(where: {
                $0.type == UInt16(INET_DIAG_SKV6ONLY)
            }),
            attribute.integer(UInt8.self) == 1
        else { return nil }
        return UInt64(body.hostOrder(UInt32.self, at: inode))
    }
}
