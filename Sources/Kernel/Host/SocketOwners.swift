import Glibc
import SystemPackage

/// Which programs hold which sockets, by the descriptors of processes that this one may look into (proc_pid_fd(5)).
/// Without root that is one's own.
struct SocketOwners: Sendable {
    struct Process: Hashable, Sendable {
        /// What the kernel calls it (proc_pid_comm(5)), which is what it calls itself.
        var name: String
        /// The user that it acts for.
        var user: UInt32
        /// Nobody but root has a say in it: it runs as root alone, from a file that root alone can write.
        var isOfRoot: Bool
    }

    /// The processes that hold a socket, by its inode, in the order of their numbers.
    private(set) var holders: [UInt64: [Int32]] = [:]
    /// Those that hold any of the sockets.
    private(set) var processes: [Int32: Process] = [:]
    /// What users are called in passwd(5).
    var users: [UInt32: String] = [:]

    mutating func add(_ identifier: Int32, _ process: Process, _ inodes: Set<UInt64>) {
        for inode in inodes { holders[inode, default: []].append(identifier) }
        processes[identifier] = process
    }

    /// The inode in `socket:[4711]`.
    static func inode(ofLink link: String) -> UInt64? {
        let start = "socket:["
        guard link.hasPrefix(start), link.hasSuffix("]") else { return nil }
        return UInt64(link.dropFirst(start.count).dropLast())
    }

    /// The program that holds a socket.
    ///
    /// A socket that systemd opened for a program (systemd.socket(5)) is the program's as soon as that runs.
    func holder(of inode: UInt64) -> Process? {
        let identifiers = holders[inode] ?? []
        return (identifiers.first { $0 != 1 } ?? identifiers.first).flatMap { processes[$0] }
    }

    /// Nil for root.
    func name(ofUser user: UInt32) -> String? {
        user == 0 ? nil : users[user] ?? "\(user)"
    }
}
