import Glibc
import Netlink
import SystemPackage

/// What /proc/PID/status says of the users of a process (proc_pid_status(5)). The owner of /proc/PID is no help: it is
/// root for every process that keeps others from looking into it.
struct ProcessUsers {
    private let process: Int32
    let effective: UInt32
    /// Real, effective, saved, and for files.
    let areRoots: Bool

    /// Nil for a process that has ended.
    init?(of process: Int32, _ files: HostFiles) throws(SystemError) {
        let path = "/proc/\(process)/status"
        guard let text = try files.text(of: path) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("Uid:") }
        let users = line?.dropFirst(4).split { $0 == "\t" || $0 == " " }.compactMap { UInt32($0) } ?? []
        guard users.count == 4 else { throw SystemError("understand \(path)", Errno(rawValue: EPROTO)) }
        self.process = process
        effective = users[1]
        areRoots = users.allSatisfy { $0 == 0 }
    }

    func name(_ files: HostFiles) throws(SystemError) -> String? {
        try files.bytes(of: "/proc/\(process)/comm").map { bytes in
            String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        }
    }
}
