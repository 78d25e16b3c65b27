import Glibc
package import Netlink
package import PacketModel
import SystemPackage

/// A raw socket, by which a program speaks a protocol without ports: VRRP, OSPF, GRE (raw(7)).
package struct RawListener: Hashable, Sendable {
    package var transportProtocol: IPProtocol
    package var family: IPFamily
    /// What the kernel calls the program; nil where nobody may say.
    package var process: String?

    package init(_ transportProtocol: IPProtocol, _ family: IPFamily, process: String? = nil) {
        (self.transportProtocol, self.family, self.process) = (transportProtocol, family, process)
    }

    /// Those of the calling thread's network namespace, each program and protocol once. The kernel cannot be asked for one
    /// of them (raw(7) has no tuples), but only who may open them can make the list long: it takes CAP_NET_RAW.
    package static func read() throws(SystemError) -> [RawListener] {
        var entries: [Entry] = []
        for (name, family) in [("raw", IPFamily.ipv4), ("raw6", .ipv6)] {
            _ = try HostFiles().visitLines(of: "/proc/thread-self/net/\(name)") { line in
                if let entry = Entry(String(decoding: line, as: UTF8.self), family) { entries.append(entry) }
            }
        }
        guard !entries.isEmpty else { return [] }
        let owners = try SocketOwners.read(of: Set(entries.map(\.inode)))
        var seen: Set<RawListener> = []
        return entries.map {
            RawListener($0.transportProtocol, $0.family, process: owners.holder(of: $0.inode)?.name)
        }
        .filter { seen.insert($0).inserted }
    }

    /// A line of `/proc/net/raw`: its "port" is the number of the protocol (proc_pid_net(5)).
    struct Entry: Hashable, Sendable {
        var transportProtocol: IPProtocol
        var family: IPFamily
        var inode: UInt64

        /// Nil for what speaks no protocol of its own: ICMP, which every host speaks, protocols with ports, which the
        /// kernel answers for, and 255, by which nothing is received.
        init?(_ line: some StringProtocol, _ family: IPFamily) {
            let words = line.split(separator: " ")
            guard words.count > 9,
                let number = words[1].split(separator: ":").last.flatMap({ UInt8($0, radix: 16) }),
                let inode = UInt64(words[9])
            else { return nil }
            let transport = IPProtocol(number: number)
            guard !transport.hasPorts, !transport.hasTypes, transport != .igmp, number != 0,
                number != UInt8.max
            else {
                return nil
            }
            (transportProtocol, self.family, self.inode) = (transport, family, inode)
        }
    }
}
