package import Diagnostics
import Glibc

/// Why a file is not read.
package enum FileProblem: Error, Equatable, Sendable {
    /// The number is one of errno(3).
    case system(String, Int32)
    /// A folder, a device, or another thing that is not a regular file.
    case kind(String)
    case owner(String, UInt32)
    case writable(String, by: String)
    case secondName(String)
    /// The limit is in bytes.
    case size(String, Int)

    /// `what` is the file's part: `the policy`.
    package func diagnostic(_ what: String, at place: Diagnostic.Label? = nil) -> Diagnostic {
        switch self {
        case .system(let path, ENOENT):
            return Diagnostic(code: "policy.file.missing", "\(what) is not there: \(path)", at: place)
        case .system(let path, ELOOP):
            return Diagnostic(
                code: "policy.file.link",
                "\(what) is a symbolic link: \(path)",
                at: place,
                fix: "name the file that it points to"
            )
        case .system(let path, let number):
            let reason = unsafe String(cString: strerror(number))
            return Diagnostic(
                code: "policy.file.unreadable",
                "\(what) cannot be read: \(path): \(reason)",
                at: place
            )
        case .kind(let path):
            return Diagnostic(code: "policy.file.kind", "\(what) is not a regular file: \(path)", at: place)
        case .owner(let path, let user):
            return Diagnostic(
                code: "policy.file.owner",
                "\(what) is not to be trusted: \(path) belongs to user \(user)",
                at: place,
                notes: ["who owns a file or a folder above it decides about the firewall"],
                fix: "chown root \(path)"
            )
        case .writable(let path, let writers):
            return Diagnostic(
                code: "policy.file.writable",
                "\(what) is not to be trusted: \(writers) can write \(path)",
                at: place,
                fix: "chmod go-w \(path)"
            )
        case .secondName(let path):
            return Diagnostic(
                code: "policy.file.link",
                "\(what) is not to be trusted: \(path) has a second name, and its folder is open to everybody",
                at: place,
                fix: "move it to a folder of its own"
            )
        case .size(let path, let largest):
            return Diagnostic(
                code: "policy.file.size",
                "\(what) is larger than \(largest >> 20) MiB: \(path)",
                at: place
            )
        }
    }
}
