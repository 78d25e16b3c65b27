import Glibc
import Kernel

/// Processes that work for a test, found by what only their command lines mention.
enum TestProcesses {
    static func mentioning(_ text: String, and other: String = "") -> [Int32] {
        ((try? HostFiles().names(in: "/proc")) ?? []).compactMap { Int32($0) }.filter { process in
            guard process != getpid(), let line = (try? HostFiles().text(of: "/proc/\(process)/cmdline"))
            else {
                return false
            }
            return line.contains(text) && line.contains(other)
        }
    }

    /// Ends them, in an order in which none is started again.
    static func end(mentioning text: String) {
        for _ in 0..<50 {
            let found = mentioning(text)
            if found.isEmpty { return }
            for process in found { kill(process, SIGKILL) }
            usleep(10_000)
        }
    }

    /// Ends those that live in a namespace that a test made.
    static func end(in namespace: NetworkNamespace) {
        guard let wanted = inode(namespace.path), let own = inode("/proc/self/ns/net"), wanted != own else {
            return
        }
        for process in ((try? HostFiles().names(in: "/proc")) ?? []).compactMap({ Int32($0) })
        where process != getpid() && inode("/proc/\(process)/ns/net") == wanted {
            kill(process, SIGKILL)
        }
        // A watch that is killed leaves its place behind.
        _ = unsafe unlink("/run/wallwright/watch-\(wanted)")
        _ = unsafe unlink("/run/wallwright/boot-\(wanted)")
    }

    private static func inode(_ path: String) -> UInt64? {
        do { return try NetworkNamespace.inode(of: path) } catch { return nil }
    }
}
