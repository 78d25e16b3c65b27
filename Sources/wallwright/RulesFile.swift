import Diagnostics
import Iptables
import Kernel
import SystemPackage

/// Files of rules that a person gives, and what their names mean on this host.
enum RulesFile {
    /// In bytes; far beyond the largest that a kernel holds.
    private static let largest = 1 << 30

    /// The file at the path, or standard input for `-`.
    static func read(_ path: String) throws -> SourceFile {
        if path == "-" { return SourceFile(name: "<stdin>", bytes: try bytes(of: .standardInput)) }
        let descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
        return SourceFile(name: path, bytes: try descriptor.closeAfter { try bytes(of: descriptor) })
    }

    /// The names of services and protocols as this host has them.
    static func names() -> NameDatabase {
        let files = HostFiles()
        return NameDatabase(
            services: files.text(of: "/etc/services") ?? "",
            protocols: files.text(of: "/etc/protocols") ?? ""
        )
    }

    private static func bytes(of descriptor: FileDescriptor) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = unsafe try buffer.withUnsafeMutableBytes { unsafe try descriptor.read(into: $0) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= largest else { throw Errno.fileTooLarge }
        }
    }
}
