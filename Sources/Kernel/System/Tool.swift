import Glibc
import Synchronization
package import SystemPackage

/// A program of the system, run by its absolute path, with a clean environment, never through a shell.
package struct Tool: Hashable, Sendable {
    package let path: FilePath

    /// Where programs are looked for, in this order; `PATH` of the caller means nothing.
    package static let folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]

    /// A program at a path that the caller knows.
    package init(path: FilePath) {
        self.path = path
    }

    /// The program of this name; what was found once is remembered.
    package init(named name: String) throws(ToolError) {
        if let known = Self.found.withLock({ $0[name] }) {
            path = known
            return
        }
        let candidates = Self.folders.map { FilePath($0).appending(name) }
        guard let path = candidates.first(where: Self.isProgram) else {
            throw ToolError.notFound(program: name)
        }
        Self.found.withLock { $0[name] = path }
        self.path = path
    }

    package static func isInstalled(_ name: String) -> Bool {
        do {
            _ = try Tool(named: name)
            return true
        } catch {
            return false
        }
    }

    /// What the program is called in messages.
    package var name: String { path.lastComponent?.string ?? path.string }

    private static let found = Mutex<[String: FilePath]>([:])

    private static func isProgram(_ path: FilePath) -> Bool {
        var information = stat()
        guard unsafe stat(path.string, &information) == 0, unsafe access(path.string, X_OK) == 0 else {
            return false
        }
        return information.st_mode & S_IFMT == S_IFREG
    }
}
