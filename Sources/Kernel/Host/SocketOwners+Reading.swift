import Glibc
import Netlink
import SystemPackage

extension SocketOwners {
    /// Goes through all processes once, for the sockets that are asked for.
    ///
    /// Of root's every descriptor is looked at. Others could have any number of them, so of each of theirs only the first
    /// thousands are, and of all together so many as take a second: a socket whose holder is not found is one of an unknown
    /// program.
    static func read(
        of inodes: Set<UInt64>,
        rootAlone: Bool = false,
        _ files: HostFiles = HostFiles()
    ) throws(SystemError) -> SocketOwners {
        var owners = SocketOwners()
        guard !inodes.isEmpty else { return owners }
        var allowance = mostOfOthers
        for identifier in try files.names(in: "/proc").compactMap({ Int32($0) }).sorted() {
            guard let acting = try ProcessUsers(of: identifier, files) else { continue }
            if !acting.areRoots, rootAlone || allowance <= 0 { continue }
            let most = acting.areRoots ? Int.max : min(mostOfOne, allowance)
            let (looked, held) = try sockets(of: identifier, atMost: most, files)
            if !acting.areRoots { allowance -= looked }
            let wanted = Set(held.values).intersection(inodes)
            guard !wanted.isEmpty, let name = try acting.name(files) else { continue }
            let process = Process(
                name: name,
                user: acting.effective,
                isOfRoot: acting.areRoots && isWrittenByRootAlone("/proc/\(identifier)/exe")
            )
            owners.add(identifier, process, wanted)
        }
        owners.users = try users(files)
        return owners
    }

    private static let mostOfOne = 4_096
    private static let mostOfOthers = 400_000

    /// The inodes of the sockets that a process holds, by the descriptors, and how many descriptors were looked at; none
    /// of a process that has ended, or that this one may not look into.
    static func sockets(
        of process: Int32,
        atMost most: Int = .max,
        _ files: HostFiles = HostFiles()
    ) throws(SystemError) -> (looked: Int, inodes: [Int32: UInt64]) {
        let folder = "/proc/\(process)/fd"
        return try readable { () throws(SystemError) in
            let names = try files.names(in: folder, atMost: most)
            var inodes: [Int32: UInt64] = [:]
            for name in names {
                guard let number = Int32(name), let link = try files.link(at: "\(folder)/\(name)") else {
                    continue
                }
                inodes[number] = inode(ofLink: link)
            }
            return (names.count, inodes)
        } ?? (0, [:])
    }

    /// Nil where a process is not to be looked into.
    static func readable<Value>(
        _ look: () throws(SystemError) -> Value
    ) throws(SystemError) -> Value? {
        do throws(SystemError) {
            return try look()
        } catch {
            guard error.errno == .permissionDenied || error.errno == .notPermitted else { throw error }
            return nil
        }
    }

    private static func isWrittenByRootAlone(_ path: String) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFREG && status.st_uid == 0 && status.st_mode & 0o022 == 0
    }

    /// From the file alone: a directory of users in the network may not answer.
    private static func users(_ files: HostFiles) throws(SystemError) -> [UInt32: String] {
        var users: [UInt32: String] = [:]
        for line in (try files.text(of: "/etc/passwd") ?? "").split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count > 2, let number = UInt32(fields[2]), users[number] == nil else { continue }
            users[number] = String(fields[0])
        }
        return users
    }
}
