/// Which programs hold which sockets, by the descriptors of every process that this one may look into
/// (proc_pid_fd(5)). Without root that is one's own.
struct SocketOwners: Sendable {
    /// The processes that hold a socket, by its inode, in the order of their numbers.
    private(set) var holders: [UInt64: [Int32]] = [:]
    /// The inodes of the sockets that a process holds.
    private var sockets: [Int32: Set<UInt64>] = [:]
    /// What the kernel calls the processes that hold any (proc_pid_comm(5)).
    private(set) var names: [Int32: String] = [:]

    /// Goes through all processes once.
    static func read(_ files: HostFiles = HostFiles()) -> SocketOwners {
        var owners = SocketOwners()
        for process in files.names(in: "/proc").compactMap({ Int32($0) }).sorted() {
            let folder = "/proc/\(process)/fd"
            let links = files.names(in: folder).compactMap { files.link(at: "\(folder)/\($0)") }
            let sockets = Set(links.compactMap(inode))
            guard !sockets.isEmpty else { continue }
            let name = files.bytes(of: "/proc/\(process)/comm")?.prefix { $0 != UInt8(ascii: "\n") }
            owners.add(process, name.map { String(decoding: $0, as: UTF8.self) }, sockets)
        }
        return owners
    }

    mutating func add(_ process: Int32, _ name: String?, _ inodes: Set<UInt64>) {
        for inode in inodes { holders[inode, default: []].append(process) }
        sockets[process] = inodes
        names[process] = name
    }

    /// The inode in `socket:[4711]`.
    static func inode(ofLink link: String) -> UInt64? {
        let start = "socket:["
        guard link.hasPrefix(start), link.hasSuffix("]") else { return nil }
        return UInt64(link.dropFirst(start.count).dropLast())
    }

    /// The inodes of the sockets that a process holds.
    func inodes(of process: Int32) -> Set<UInt64> { sockets[process] ?? [] }

    /// The name of the program that holds a socket.
    ///
    /// A socket that systemd opened for a program (systemd.socket(5)) is the program's as soon as that runs.
    func name(of inode: UInt64) -> String? {
        let processes = holders[inode] ?? []
        return (processes.first { $0 != 1 } ?? processes.first).flatMap { names[$0] }
    }
}
