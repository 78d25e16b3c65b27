import Glibc
import SystemPackage

/// Reads what the kernel and the distribution say of this host; what cannot be read is absent.
package struct HostFiles: Sendable {
    /// The folder that stands for `/`, without a slash at its end; empty for the root itself.
    var root: String

    package init(root: String = "") {
        self.root = root
    }

    /// The names in a folder.
    package func names(in folder: String) -> [String] {
        guard let stream = unsafe opendir(root + folder) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// The text of a small file.
    package func text(of path: String) -> String? {
        bytes(of: path).map { String(decoding: $0, as: UTF8.self) }
    }

    func bytes(of path: String) -> [UInt8]? {
        do {
            let file = FilePath(root + path)
            let descriptor = try FileDescriptor.open(file, .readOnly, options: .closeOnExec)
            return try descriptor.closeAfter { try descriptor.bytes(upTo: Self.longestText - 1) }
        } catch {
            return nil
        }
    }

    /// What a symbolic link says.
    package func link(at path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe bytes.baseAddress.map { unsafe readlink(root + path, $0, bytes.count) } ?? -1
        }
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }

    /// Whether there is a file or a folder.
    package func exists(_ path: String) -> Bool {
        unsafe access(root + path, F_OK) == 0
    }

    /// A host with a hundred thousand sockets has tables of some megabytes.
    private static let longestText = 64 << 20
}
