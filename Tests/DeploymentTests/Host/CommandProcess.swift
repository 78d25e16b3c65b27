import Glibc
import Netlink
import Synchronization
import SystemPackage

@testable import Kernel

/// A program that a test starts, in a session and a process group of its own, with an environment as bare as a job's.
///
/// A session that begins with it is a new login for `wallwright confirm`.
final class CommandProcess: Sendable {
    let identifier: Int32
    private let status = Mutex<Int32?>(nil)

    /// What the program finds in its environment.
    private static let environment = [
        "PATH=/usr/sbin:/sbin:/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=/root", "TERM=xterm",
    ]

    /// Starts the program in the network namespace of the calling thread.
    init(_ arguments: [String], output: String = "/dev/null", error: String = "/dev/null") throws {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        let writing = O_WRONLY | O_CREAT | O_APPEND
        unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, writing, 0o600)
        unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, error, writing, 0o600)
        // POSIX_SPAWN_SETSID (spawn.h)
        unsafe posix_spawnattr_setflags(&attributes, 0x80)
        var words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var values: [UnsafeMutablePointer<CChar>?] =
            unsafe Self.environment.map { unsafe strdup($0) } + [nil]
        defer { unsafe (words + values).forEach { unsafe free($0) } }
        var started: Int32 = 0
        let failure = unsafe posix_spawn(&started, arguments[0], &actions, &attributes, &words, &values)
        guard failure == 0 else { throw SystemError("posix_spawn", Errno(rawValue: failure)) }
        identifier = started
    }

    deinit {
        if ended() == nil {
            signal(SIGKILL)
            var result: Int32 = 0
            unsafe waitpid(identifier, &result, 0)
        }
    }

    func signal(_ number: Int32) {
        status.withLock { if $0 == nil { _ = kill(identifier, number) } }
    }

    func signalGroup(_ number: Int32) {
        status.withLock { if $0 == nil { _ = kill(-identifier, number) } }
    }

    /// The exit status, 128 and more for a signal; nil while it runs.
    func ended() -> Int32? {
        status.withLock { status in
            if let status { return status }
            var result: Int32 = 0
            guard unsafe waitpid(identifier, &result, WNOHANG) == identifier else { return nil }
            status = result & 0x7F == 0 ? result >> 8 & 0xFF : 128 + result & 0x7F
            return status
        }
    }

    /// Waits for the end; a program that takes too long is killed.
    func end(within limit: Duration = .seconds(60)) async throws -> Int32 {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if let status = ended() { return status }
            try await Task.sleep(for: .milliseconds(3))
        }
        signal(SIGKILL)
        throw Errno.timedOut
    }
}
