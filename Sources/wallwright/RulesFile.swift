import Diagnostics
import Glibc
import Iptables
import Kernel
import SystemPackage

/// Files of rules that a person gives, and what their names mean on this host.
enum RulesFile {
    /// In bytes: a million rules.
    private static let largest = 256 << 20

    /// The file at the path, or standard input for `-`.
    static func read(_ path: String) throws(Failure) -> SourceFile {
        if path == "-" { return SourceFile(name: "<stdin>", bytes: try bytes(of: .standardInput, "<stdin>")) }
        return SourceFile(name: path, bytes: try bytes(ofFile: path))
    }

    /// What a regular file holds. Of a pipe or a device nobody knows whether it ever says something, or ever ends.
    static func bytes(ofFile path: String) throws(Failure) -> [UInt8] {
        let descriptor: FileDescriptor
        do {
            let options: FileDescriptor.OpenOptions = [.closeOnExec, .nonBlocking]
            descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: options)
        } catch {
            throw Failure(.systemFailed, "cannot read \(path): \(error)")
        }
        // Nothing was written to it.
        defer { do { try descriptor.close() } catch {} }
        var status = stat()
        guard unsafe fstat(descriptor.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Failure(
                .refused,
                "\(path) is not a regular file\ndo: name a file, or write - and give the text on standard input"
            )
        }
        return try bytes(of: descriptor, path)
    }

    /// The names as this host has them.
    static func names() throws(Failure) -> NameDatabase {
        let files = HostFiles()
        func text(_ path: String) throws(Failure) -> String {
            do { return try files.text(of: path) ?? "" } catch { throw Failure(.systemFailed, "\(error)") }
        }
        return NameDatabase(
            services: try text("/etc/services"),
            protocols: try text("/etc/protocols"),
            hosts: try text("/etc/hosts"),
            networks: try text("/etc/networks"),
            users: try text("/etc/passwd"),
            groups: try text("/etc/group"),
            realms: try text("/etc/iproute2/rt_realms"),
            deviceGroups: try text("/etc/iproute2/group")
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
        let end = errors == 0 ? "" : "\n\(DisplayText.line(of: file)): \(words)\n"
        Terminal.error.write(renderer.render(diagnostics) + end)
    }

    private static func bytes(of descriptor: FileDescriptor, _ name: String) throws(Failure) -> [UInt8] {
        let bytes: [UInt8]
        do {
            bytes = try descriptor.bytes(upTo: largest)
        } catch {
            throw Failure(.systemFailed, "cannot read \(name): \(error)")
        }
        guard bytes.count <= largest else {
            throw Failure(.refused, "\(name) has more than \(largest >> 20) MiB, and nothing of it is read")
        }
        return bytes
    }
}
