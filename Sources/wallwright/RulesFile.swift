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

    /// The names as this host has them.
    static func names() -> NameDatabase {
        let files = HostFiles()
        return NameDatabase(
            services: files.text(of: "/etc/services") ?? "",
            protocols: files.text(of: "/etc/protocols") ?? "",
            hosts: files.text(of: "/etc/hosts") ?? "",
            networks: files.text(of: "/etc/networks") ?? "",
            users: files.text(of: "/etc/passwd") ?? "",
            groups: files.text(of: "/etc/group") ?? "",
            realms: files.text(of: "/etc/iproute2/rt_realms") ?? "",
            deviceGroups: files.text(of: "/etc/iproute2/group") ?? ""
        )
    }

    /// Says what is wrong with the file, to a person.
    ///
    /// - Parameter stands: the rules are those that the rest makes.
    static func report(_ diagnostics: [Diagnostic], in file: String, stands: Bool = false) {
        guard !diagnostics.isEmpty else { return }
        let errors = diagnostics.count { $0.severity == .error }
        let renderer = TerminalRenderer(usesColour: Terminal.error.usesColour)
        let count = "\(errors) \(errors == 1 ? "error" : "errors")"
        let words =
            stands ? "\(count): the rules are those that the other commands make" : "refused, \(count)"
        let end = errors == 0 ? "" : "\n\(file): \(words)\n"
        Terminal.error.write(renderer.render(diagnostics) + end)
    }

    private static func bytes(of descriptor: FileDescriptor) throws -> [UInt8] {
        let bytes = try descriptor.bytes(upTo: largest)
        guard bytes.count <= largest else { throw Errno.fileTooLarge }
        return bytes
    }
}
