import Glibc
package import Netlink
import SystemPackage

/// Reads what the kernel and the distribution say of this host.
///
/// What is not there is nil, false or empty. What cannot be read, or not wholly, is an error: whoever takes it for absent
/// would forget the very listener or session that they ask for.
package struct HostFiles: Sendable {
    /// The folder that stands for `/`, without a slash at its end; empty for the root itself.
    var root: String

    package init(root: String = "") {
        self.root = root
    }

    /// The names in a folder, `most` of them where that is given.
    package func names(in folder: String, atMost most: Int = .max) throws(SystemError) -> [String] {
        guard let stream = unsafe opendir(root + folder) else {
            let number = errno
            if Self.meansAbsence(number) { return [] }
            throw failure(folder, number)
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while names.count < most {
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                let number = errno
                // A process may end while its descriptors are read.
                if number == 0 || Self.meansAbsence(number) { break }
                throw failure(folder, number)
            }
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// The text of a file; nil when there is none.
    package func text(of path: String) throws(SystemError) -> String? {
        try bytes(of: path).map { String(decoding: $0, as: UTF8.self) }
    }

    func bytes(of path: String) throws(SystemError) -> [UInt8]? {
        guard let descriptor = try open(path) else { return nil }
        let bytes: [UInt8]
        do {
            bytes = try descriptor.closeAfter { try descriptor.bytes(upTo: Self.longestText) }
        } catch {
            let number = (error as? Errno)?.rawValue ?? EIO
            if Self.meansAbsence(number) { return nil }
            throw failure(path, number)
        }
        guard bytes.count <= Self.longestText else { throw failure(path, EFBIG) }
        return bytes
    }

    /// Hands on the lines of a file one by one, however many there are; false when there is no file.
    func visitLines(of path: String, _ visit: (ArraySlice<UInt8>) -> Void) throws(SystemError) -> Bool {
        guard let descriptor = try open(path) else { return false }
        do {
            try descriptor.closeAfter {
                var rest: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 64 << 10)
                while true {
                    let count = try unsafe buffer.withUnsafeMutableBytes { bytes in
                        try unsafe descriptor.read(into: bytes)
                    }
                    if count == 0 { break }
                    let part = buffer[..<count]
                    var start = part.startIndex
                    while let end = part[start...].firstIndex(of: UInt8(ascii: "\n")) {
                        visit(rest.isEmpty ? part[start..<end] : (rest + part[start..<end])[...])
                        rest.removeAll(keepingCapacity: true)
                        start = end + 1
                    }
                    rest += part[start...]
                    guard rest.count <= Self.longestLine else { throw Errno.fileTooLarge }
                }
                if !rest.isEmpty { visit(rest[...]) }
            }
        } catch {
            throw failure(path, (error as? Errno)?.rawValue ?? EIO)
        }
        return true
    }

    /// What a symbolic link says; nil when there is nothing, or no link.
    package func link(at path: String) throws(SystemError) -> String? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe bytes.baseAddress.map { unsafe readlink(root + path, $0, bytes.count) } ?? -1
        }
        if count < 0 {
            let number = errno
            if number == EINVAL || Self.meansAbsence(number) { return nil }
            throw failure(path, number)
        }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// Whether there is a file or a folder.
    package func exists(_ path: String) throws(SystemError) -> Bool {
        if unsafe access(root + path, F_OK) == 0 { return true }
        let number = errno
        guard Self.meansAbsence(number) else { throw failure(path, number) }
        return false
    }

    private func open(_ path: String) throws(SystemError) -> FileDescriptor? {
        // A pipe that nobody writes would hold the opening up.
        let descriptor = unsafe Glibc.open(root + path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if descriptor >= 0 { return FileDescriptor(rawValue: descriptor) }
        let number = errno
        if Self.meansAbsence(number) { return nil }
        throw failure(path, number)
    }

    /// A process that has ended leaves "no such process" in what was opened of it (proc(5)).
    private static func meansAbsence(_ number: Int32) -> Bool {
        number == ENOENT || number == ENOTDIR || number == ESRCH
    }

    private func failure(_ path: String, _ number: Int32) -> SystemError {
        SystemError("read \(root)\(path)", Errno(rawValue: number))
    }

    /// In bytes. No file of a host that is read whole is longer; tables of the kernel, which others can make grow, are
    /// read line by line.
    private static let longestText = 64 << 20
    private static let longestLine = 1 << 20
}
