import Glibc
import Kernel
import SystemPackage
import Testing

@testable import Deployment

extension TestHost {
    /// How far a change has come, as it can be seen from outside.
    enum Phase: Sendable {
        /// Nothing of the generation is there.
        case missing
        /// It is on disk, and nobody guards it.
        case prepared
        /// It is guarded, and the kernel has the old rules.
        case guarded
        /// The kernel has other rules, and the deadline is not on disk.
        case committed
        /// The deadline is on disk.
        case pending
        case decided

        static let interruptible: [Phase] = [.missing, .prepared, .guarded, .committed, .pending]
    }

    func opened() throws -> StateFolder { try #require(try StateFolder.existing(at: view)) }

    func phase(of number: Int, before digest: String) async throws -> Phase {
        guard let folder = try StateFolder.existing(at: view),
            folder.has("\(StateFolder.folder(number))/generation.json")
        else { return .missing }
        if folder.outcome(number) != .pending { return .decided }
        if try folder.commitment(number) != nil { return .pending }
        if try await self.digest() != digest { return .committed }
        return isGuarded(number) ? .guarded : .prepared
    }

    /// Stops a command (SIGSTOP) as soon as its change is in the phase; false when it went on meanwhile.
    func stops(_ running: RunningCommand, when wanted: Phase, of number: Int, before digest: String)
        async throws
        -> Bool
    {
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end, running.process.ended() == nil {
            if try await phase(of: number, before: digest) == wanted { break }
            try await Task.sleep(for: .milliseconds(1))
        }
        running.process.signal(SIGSTOP)
        let phase = try await phase(of: number, before: digest)
        return phase == wanted && running.process.ended() == nil
    }

    /// Whether the seat of the guard is taken, read where looking disturbs nobody (proc_locks(5)).
    func isGuarded(_ number: Int) -> Bool {
        var status = stat()
        guard unsafe stat("\(view)/\(StateFolder.folder(number))/guard", &status) == 0 else {
            return false
        }
        let locks = (try? HostFiles().text(of: "/proc/locks")) ?? ""
        return locks.split(separator: "\n").contains {
            $0.contains("FLOCK") && $0.contains(":\(status.st_ino) ")
        }
    }

    /// The processes of the guard or the watch: the inner one works, the outer one starts it again.
    func workers(_ name: String = "guard", inner: Bool) -> [Int32] {
        TestProcesses.mentioning("\u{0}\(name)\u{0}--state\u{0}", and: state).filter { process in
            (try? HostFiles().text(of: "/proc/\(process)/cmdline"))?.contains("--worker") == inner
        }
    }

    /// Waits until a condition holds; false when it does not in time.
    func waits(_ limit: Duration, for condition: () async throws -> Bool) async throws -> Bool {
        let end = ContinuousClock.now + limit
        repeat {
            if try await condition() { return true }
            try await Task.sleep(for: .milliseconds(10))
        } while ContinuousClock.now < end
        return false
    }

    /// Waits until no guard is left and no generation is undecided, but for one that its committer left before it had
    /// a guard: that one never reached the kernel, and the next command takes it away.
    func settles(within limit: Duration = .seconds(20)) async throws -> Bool {
        try await waits(limit) {
            guard workers(inner: true).isEmpty, workers(inner: false).isEmpty else { return false }
            guard let folder = try StateFolder.existing(at: view), let number = try folder.undecided() else {
                return true
            }
            return try folder.commitment(number) == nil
                && !folder.has("\(StateFolder.folder(number))/guard.log")
        }
    }

    func outcomes() throws -> [Generation.Outcome?] {
        let folder = try opened()
        return try folder.generationNumbers().map(folder.outcome)
    }

    /// Every file of the state with its size, its time and its number; the lock, which only names its holder, left out.
    func inventory() throws -> [String] {
        func list(_ folder: String) -> [String] {
            ((try? HostFiles().names(in: folder)) ?? []).sorted().flatMap { name -> [String] in
                let path = "\(folder)/\(name)"
                var status = stat()
                guard name != "lock", unsafe lstat(path, &status) == 0 else { return [] }
                let time = "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
                return ["\(path) \(status.st_size) \(time) \(status.st_ino)"] + list(path)
            }
        }
        return list(view)
    }
}
