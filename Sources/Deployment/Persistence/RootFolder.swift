import Glibc
import Kernel
import SystemPackage

/// The folder that stands for `/` of a host: that of this one, or an image that is being prepared.
struct RootFolder: Sendable {
    /// Without a slash at its end; empty for this host.
    let path: String

    init(_ path: String) {
        self.path = String(path.reversed().drop { $0 == "/" }.reversed())
        files = SeenFiles(files: HostFiles(root: self.path))
    }

    var isHost: Bool { path.isEmpty }
    /// What can be read; what cannot is noted there.
    let files: SeenFiles

    /// Where a name in the root is on this machine.
    func place(_ name: String) -> String { path + name }

    /// The name in the root of a path on this machine; nil for one outside of it.
    func name(of place: String) -> String? {
        place.hasPrefix("\(path)/") ? String(place.dropFirst(path.count)) : nil
    }

    func isProgram(_ name: String) -> Bool {
        unsafe access(place(name), X_OK) == 0
    }

    /// What stands at a name itself: of a link, the link.
    func status(of name: String) throws -> stat? {
        var status = stat()
        if unsafe lstat(place(name), &status) == 0 { return status }
        guard errno == ENOENT || errno == ENOTDIR else { throw failure(name, Errno(rawValue: errno)) }
        return nil
    }

    /// Nil when there is no file.
    func read(_ name: String) throws -> [UInt8]? {
        guard let status = try status(of: name) else { return nil }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ChangeError.refused("\(place(name)) is not a regular file, and is left alone")
        }
        do {
            let file = try FileDescriptor.open(
                FilePath(place(name)),
                .readOnly,
                options: [.closeOnExec, .noFollow, .nonBlocking]
            )
            return try file.closeAfter {
                // A pipe that took the name meanwhile would hold the reading up.
                var opened = stat()
                guard unsafe fstat(file.rawValue, &opened) == 0, opened.st_mode & S_IFMT == S_IFREG else {
                    throw ChangeError.refused("\(place(name)) is not a regular file, and is left alone")
                }
                let bytes = try file.bytes(upTo: Self.largest)
                guard bytes.count <= Self.largest else {
                    throw ChangeError.refused("\(place(name)) has more than \(Self.largest >> 20) MiB")
                }
                return bytes
            }
        } catch let error as Errno {
            throw failure(name, error)
        }
    }

    /// In bytes: a million rules.
    private static let largest = 256 << 20

    /// What went wrong at a name.
    func failure(_ name: String, _ error: Errno) -> ChangeError {
        .failed("\(place(name)): \(error)")
    }
}
