import Glibc
import Kernel
package import Netlink
import SystemPackage

/// The file that a first policy goes to.
package enum InitialPolicyFile {
    /// Writes a policy to a path where there is nothing yet, readable by everyone, writable by its owner; the folder
    /// that it is in is made where it is missing.
    ///
    /// Throws `fileExists` for a path where there is something, a link that leads nowhere included. When it returns,
    /// the file is on the disk; when it throws anything else, there is none.
    package static func write(_ text: String, to path: String) throws(SystemError) {
        let folder = folder(of: path)
        if unsafe mkdir(folder, 0o755) == 0 {
            try synchronize(self.folder(of: folder))
        } else if errno != EEXIST {
            throw SystemError("make \(folder)", Errno(rawValue: errno))
        }
        let file = try checked(path, unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644))
        do {
            defer { close(file) }
            try fill(file, path, Array(text.utf8))
            try synchronize(folder)
        } catch {
            _ = unsafe unlink(path)
            throw error
        }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func fill(_ file: Int32, _ path: String, _ bytes: [UInt8]) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            try checked("write \(path)", Int32(clamping: count))
            rest = rest.dropFirst(count)
        }
        try checked("write \(path)", fsync(file))
    }

    /// Puts on the disk what a folder holds.
    private static func synchronize(_ folder: String) throws(SystemError) {
        let descriptor = try checked(folder, unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        defer { close(descriptor) }
        try checked("synchronize \(folder)", fsync(descriptor))
    }

    @discardableResult
    private static func checked(_ call: String, _ result: Int32) throws(SystemError) -> Int32 {
        guard result >= 0 else { throw SystemError(call, Errno(rawValue: errno)) }
        return result
    }
}
