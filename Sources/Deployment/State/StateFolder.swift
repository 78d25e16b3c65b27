import Diagnostics
import Glibc
import Policy
import SystemPackage

/// The folder that remembers what was applied to this host: every generation, the lock, the bans.
///
/// It is for root alone (mode 0700), so that names inside it need no further suspicion. What is written is there whole
/// or not at all, also after a power failure: a temporary name, fsync, rename, fsync of the folder.
package final class StateFolder: Sendable {
    package static let defaultPath = "/var/lib/wallwright"

    /// Absolute.
    package let path: String
    let descriptor: FileDescriptor

    /// Opens the folder, and makes it where it is missing, its parents too.
    package static func make(at path: String) throws -> StateFolder {
        let absolute = try absolute(path)
        try checkParents(absolute)
        var made = FilePath("/")
        for component in absolute.components {
            made.append(component)
            let mode: mode_t = made == absolute ? 0o700 : 0o755
            if unsafe mkdir(made.string, mode) == 0 {
                try sync(folder: made.removingLastComponent())
            } else if errno != EEXIST, case let error = Errno(rawValue: errno),
                unsafe access(made.string, F_OK) != 0
            {
                throw failure(made.string, error)
            }
        }
        let folder = try open(absolute)
        try folder.makeFolder("generations")
        return folder
    }

    /// Throws what keeps a folder that is not there from being made by ``make(at:)``; returns the path that it would have.
    static func checkPlace(of path: String) throws -> String {
        let absolute = try absolute(path)
        try checkParents(absolute)
        return absolute.string
    }

    private static func absolute(_ path: String) throws -> FilePath {
        FilePath(path).isAbsolute ? FilePath(path) : try currentFolder().pushing(FilePath(path))
    }

    /// Opens the folder where it is there; nil where nothing was ever applied.
    package static func existing(at path: String) throws -> StateFolder? {
        let absolute = try absolute(path)
        var status = stat()
        guard unsafe lstat(absolute.string, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw ChangeError.failed("\(path) cannot be looked at: \(Errno(rawValue: errno))")
        }
        return try open(absolute)
    }

    /// Whoever can exchange a folder above the state can exchange the state.
    private static func checkParents(_ path: FilePath) throws {
        do {
            let owners = TrustedOwners.current
            try TrustedFolder.check(path.removingLastComponent().string, owners: owners)
        } catch .system(_, ENOENT) {
            // What is not there will be made, in a folder that was looked at.
        } catch {
            let diagnostic = error.diagnostic("the state folder")
            let advice = diagnostic.fix.map { "\ndo: \($0)" } ?? ""
            throw ChangeError.refused(diagnostic.message + advice)
        }
    }

    private static func open(_ path: FilePath) throws -> StateFolder {
        try checkParents(path)
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(
                path,
                .readOnly,
                options: [.closeOnExec, .directory, .noFollow]
            )
        } catch {
            throw ChangeError.failed("the state folder \(path) cannot be opened: \(error)")
        }
        let folder = StateFolder(path: path.string, descriptor: descriptor)
        var status = stat()
        guard unsafe fstat(descriptor.rawValue, &status) == 0 else {
            throw ChangeError.failed(
                "the state folder \(path) cannot be looked at: \(Errno(rawValue: errno))"
            )
        }
        guard status.st_uid == geteuid() else {
            throw ChangeError.refused(
                "the state folder \(path) belongs to user \(status.st_uid), who could decide about the firewall\n"
                    + "do: chown root \(path)"
            )
        }
        guard status.st_mode & 0o077 == 0 else {
            throw ChangeError.refused("the state folder \(path) is open to others\ndo: chmod 700 \(path)")
        }
        return folder
    }

    private init(path: String, descriptor: FileDescriptor) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        // A descriptor of a folder has nothing to flush.
        do { try descriptor.close() } catch {}
    }

    /// Where a person finds something in here.
    func place(_ name: String) -> String { "\(path)/\(name)" }

    private static func currentFolder() throws -> FilePath {
        guard let path = unsafe getcwd(nil, 0) else {
            throw ChangeError.failed("the current folder is gone: \(Errno(rawValue: errno))")
        }
        defer { unsafe free(path) }
        return unsafe FilePath(String(cString: path))
    }

    private static func sync(folder: FilePath) throws {
        let descriptor = try FileDescriptor.open(folder, .readOnly, options: [.closeOnExec, .directory])
        try descriptor.closeAfter {
            guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
    }
}
