import Glibc
package import SystemPackage

/// This process can make no network namespace.
package struct NamespaceRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    package let errno: Errno

    /// Nil for what has nothing to do with permissions and limits: too little memory, say.
    init?(_ errno: Errno) {
        switch errno {
        case .notPermitted, .permissionDenied, .noSpace, .invalidArgument, .noFunction: self.errno = errno
        default: return nil
        }
    }

    package var description: String {
        switch errno {
        case .noSpace:
            "no network namespace can be made here: the limit of /proc/sys/user/max_net_namespaces is reached"
        case .invalidArgument, .noFunction:
            "no network namespace can be made here: this kernel has none"
        default:
            "no network namespace can be made here: that takes CAP_SYS_ADMIN, and no seccomp filter against it"
        }
    }
}
