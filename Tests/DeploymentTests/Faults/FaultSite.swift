/// A system call of a step, and how strace(1) finds it again on another host.
struct FaultSite: Hashable, Sendable {
    /// `command`, `guard`, `guard worker`, or how a tool was run.
    var process: String
    /// Where strace begins to follow.
    var gate: String?
    var how: ToolSpies.Plan.How
    var call: String
    /// What it is about, the same on every host.
    var words: String
    /// What the call must name, with the folders of the host left out; nil for a call that names nothing.
    var path: String?
    var kind: CallWords.Kind
    /// Which of those calls of its thread, from where strace begins.
    var number: Int

    /// What goes wrong there.
    enum Fault: String, Hashable, Sendable {
        case kill
        /// The kernel answers nothing any more, from there on.
        case silence
        case ENOSPC, EIO, EPERM, ENOBUFS, EAGAIN, ENOMEM

        fileprivate var injection: String {
            switch self {
            case .kill: "signal=KILL"
            case .silence: "error=ENOBUFS"
            case .ENOSPC, .EIO, .EPERM, .ENOBUFS, .EAGAIN, .ENOMEM: "error=\(rawValue)"
            }
        }
        /// What follows the number of the call.
        fileprivate var more: String { self == .silence ? "+" : "" }
        var title: String {
            switch self {
            case .kill: "kill -9"
            case .silence: "ENOBUFS from there on"
            case .ENOSPC, .EIO, .EPERM, .ENOBUFS, .EAGAIN, .ENOMEM: rawValue
            }
        }
    }

    /// What strace is told.
    func options(_ fault: Fault, on host: FaultHost) -> String {
        let place = path.map { " -P \(host.place($0))" } ?? ""
        return "-e trace=\(call) -e inject=\(call):\(fault.injection):when=\(number)\(fault.more)\(place)"
    }

    /// What goes wrong at the call: its process is killed before it, or it comes back with an error that such a call can
    /// have; with each of them where the disk or the kernel is changed, else with one of them, by turns.
    func faults(number turn: Int) -> [Fault] {
        let errors = Self.errors[call] ?? []
        if kind == .disk || kind == .change || errors.isEmpty { return [.kill] + errors }
        let isAsked = kind == .question && (call == "sendto" || call == "sendmsg")
        return [.kill, errors[turn % errors.count]] + (isAsked ? [.silence] : [])
    }

    private static let errors: [String: [Fault]] = {
        var errors: [String: [Fault]] = [:]
        for call in ["write", "pwrite64", "fsync"] { errors[call] = [.ENOSPC, .EIO] }
        for call in ["openat", "open", "mkdir", "mkdirat", "symlink", "linkat", "rename", "renameat"] {
            errors[call] = [.ENOSPC, .EIO, .EPERM]
        }
        for call in ["ftruncate", "fchmod", "fchown", "unlink", "unlinkat", "rmdir", "execve"] {
            errors[call] = [.EIO, .EPERM]
        }
        for call in ["sendto", "sendmsg"] { errors[call] = [.EPERM, .ENOBUFS] }
        for call in ["socket", "bind", "setns"] { errors[call] = [.EPERM] }
        for call in ["clone3", "clone", "vfork"] { errors[call] = [.EAGAIN] }
        for call in ["memfd_create", "pipe2"] { errors[call] = [.ENOMEM] }
        errors["setsockopt"] = [.EPERM, .ENOMEM]
        errors["unshare"] = [.ENOSPC, .EPERM]
        errors["flock"] = []
        return errors
    }()

    /// All that are looked for.
    static let calls = errors.keys.sorted()
}
