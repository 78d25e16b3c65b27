import Glibc
import Netlink
import SystemPackage

/// A user namespace for a process that is not root: in it, it may make network namespaces (user_namespaces(7)).
package enum OwnUserNamespace {
    /// Whether this process could do with one.
    package static var isNeeded: Bool { geteuid() != 0 }

    /// Starts the program of this process again as root of a user namespace of its own; descriptors stay open. Comes back
    /// only where that does not work.
    ///
    /// - Parameter input: what its standard input had, where that was read
    package static func startAgain(_ arguments: [String], input: [UInt8]?) throws {
        let unshare = try Tool(named: "unshare")
        // By its name: once unshare has taken over, that link leads to unshare.
        guard let program = try HostFiles().link(at: "/proc/self/exe") else {
            throw SystemError("find this program", .noSuchFileOrDirectory)
        }
        if let input {
            let file = try memoryFile(holding: input)
            try checked("dup2", dup2(file.rawValue, STDIN_FILENO))
        }
        let words =
            [unshare.path.string, "--user", "--map-root-user", "--net", "--", program] + arguments
        var pointers = unsafe words.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        // Where this comes back, the program ends soon, and the words with it.
        unsafe execv(unshare.path.string, pointers)
        throw SystemError("start \(unshare.path)", Errno(rawValue: errno))
    }
}
