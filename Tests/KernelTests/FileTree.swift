import Glibc
import SystemPackage
import Testing

@testable import Kernel

/// A folder that stands for the root of a host; it goes with this value.
final class FileTree: Sendable {
    let path: String
    /// What the files held at first, by their paths.
    let texts: [String: String]

    init(_ files: [String: String]) throws {
        var template = Array("/tmp/wallwright-test-XXXXXX\0".utf8CString)
        try #require(unsafe mkdtemp(&template) != nil)
        path = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        texts = files
        for (file, text) in files {
            let parts = file.split(separator: "/")
            for count in 1..<parts.count {
                unsafe mkdir("\(path)/\(parts.prefix(count).joined(separator: "/"))", 0o755)
            }
            try write(text, to: file)
        }
    }

    /// In the place of what the file held.
    func write(_ text: String, to file: String) throws {
        let descriptor = try FileDescriptor.open(
            FilePath(path + file),
            .writeOnly,
            options: [.create, .truncate],
            permissions: .ownerReadWrite
        )
        try descriptor.closeAfter { _ = try descriptor.writeAll(text.utf8) }
    }

    deinit {
        Self.remove(path)
    }

    var files: HostFiles { HostFiles(root: path) }

    private static func remove(_ path: String) {
        for name in (try? HostFiles().names(in: path)) ?? [] { remove("\(path)/\(name)") }
        unsafe unlink(path)
        unsafe rmdir(path)
    }
}
