import Glibc
import Netlink
import Synchronization
import SystemPackage
import Testing

@testable import Kernel

/// A program that a test starts; it and all of its session end with this value.
final class TestProcess: Sendable {
    let identifier: Int32
    private let isReaped = Mutex(false)

    /// Starts a program in a session of its own, in the network namespace of the calling thread.
    ///
    /// - Parameter held: descriptors that it has too, from 10 on.
    init(_ arguments: [String], standardInput: Int32? = nil, holding held: [Int32] = []) throws {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        if let standardInput {
            unsafe posix_spawn_file_actions_adddup2(&actions, standardInput, STDIN_FILENO)
        } else {
            unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        for (place, descriptor) in held.enumerated() {
            unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(10 + place))
        }
        // POSIX_SPAWN_SETSID (spawn.h)
        unsafe posix_spawnattr_setflags(&attributes, 0x80)
        var words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var started: Int32 = 0
        let error = unsafe posix_spawn(&started, arguments[0], &actions, &attributes, &words, nil)
        guard error == 0 else { throw SystemError("posix_spawn", Errno(rawValue: error)) }
        identifier = started
    }

    deinit {
        for process in Self.all().filter({ $0.sessionLeader == identifier }) {
            kill(process.identifier, SIGKILL)
        }
        wait()
    }

    /// Waits until the program, not all of its session, has ended.
    func wait() {
        isReaped.withLock { isReaped in
            var status: Int32 = 0
            if !isReaped { unsafe waitpid(identifier, &status, 0) }
            isReaped = true
        }
    }

    /// The process of this name in the session, as soon as there is one.
    func member(named name: String) async throws -> ProcessStatus {
        for _ in 0..<500 {
            if let found = Self.all().first(where: { $0.sessionLeader == identifier && $0.name == name }) {
                return found
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Errno.timedOut
    }

    private static func all() -> [ProcessStatus] {
        let names = (try? HostFiles().names(in: "/proc")) ?? []
        return names.compactMap { Int32($0) }.compactMap { try? ProcessStatus.read($0) }
    }
}
