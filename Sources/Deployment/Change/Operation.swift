import Glibc
package import Kernel

/// A command that may change the firewall of this host: it holds the lock, and what earlier ones left behind is done.
package struct Operation: Sendable {
    package let folder: StateFolder
    package let lock: ChangeLock
    package let host: HostIdentity
    package let guards: GuardLauncher
    package let session: LoginSession
    package let author: Author
    /// What had to be finished first.
    package let findings: [Recovery.Finding]

    /// Opens the state, made where it is missing, and waits for the lock.
    package static func begin(
        _ purpose: String,
        state path: String,
        waiting patience: Duration = .seconds(10)
    ) async throws -> Operation {
        let folder = try StateFolder.make(at: path)
        let host = try HostIdentity.current()
        let guards = GuardLauncher(folder: folder)
        let session = LoginSession.current()
        let author = Author(session)
        let lock = try await ChangeLock.acquire(in: folder, for: "\(purpose) by \(author)", waiting: patience)
        let findings = try await Recovery.perform(in: folder, host: host, guards: guards, holding: lock)
        return Operation(
            folder: folder,
            lock: lock,
            host: host,
            guards: guards,
            session: session,
            author: author,
            findings: findings
        )
    }

    /// Throws when a generation waits: one change at a time.
    package func requireNothingPending() throws {
        guard let number = try folder.undecided() else { return }
        let generation = try folder.generation(number)
        let left = try folder.commitment(number).map { max(0, Int($0.deadline - BootClock.now.inSeconds)) }
        throw ChangeError.refused(
            "generation \(number) by \(generation.author) waits to be confirmed"
                + (left.map { ", for \($0) s more" } ?? "")
                + "\ndo: wallwright confirm \(number)-CODE from a new login, or wallwright rollback"
        )
    }

    /// Changes the firewall; see ``Change/commit(_:window:)``.
    package func commit(_ proposal: Proposal, window: Duration) async throws -> Change.Committed {
        let change = Change(in: folder, host: host, guards: guards, holding: lock, by: author)
        return try await change.commit(proposal, window: window)
    }

    /// Takes the generation that waits back; nil when none does.
    package func takeBack() async throws -> Int? {
        guard let number = try folder.undecided() else { return nil }
        try await folder.takeBack(number).perform("by hand", by: author, holding: lock)
        return number
    }

    /// Starts the watch that puts back what others take away of ours, unless it is at work.
    package func startWatch() async throws {
        try await Self.startWatch(of: folder, host: host)
    }

    package static func startWatch(of folder: StateFolder, host: HostIdentity) async throws {
        guard Seat.watching(folder)?.isTaken != true else { return }
        let arguments = [
            "watch", "--state", folder.path, "--namespace", "\(host.namespace)", "--namespace-of",
            "\(getpid())",
        ]
        try await GuardLauncher(folder: folder).launch(arguments, unit: "wallwright-watch-\(host.namespace)")
    }
}

extension Author {
    /// Who sits at this session; behind sudo (sudo(8), "ENVIRONMENT") the one who typed it.
    package init(_ session: LoginSession) {
        let typist = unsafe getenv("SUDO_USER").flatMap { unsafe String(validatingCString: $0) }
        let account = unsafe getpwuid(geteuid()).flatMap {
            unsafe String(validatingCString: $0.pointee.pw_name)
        }
        self.init(
            user: (geteuid() == 0 ? typist : nil) ?? account ?? "user \(geteuid())",
            address: session.connection.map { "\($0.remote)" }
        )
    }
}
