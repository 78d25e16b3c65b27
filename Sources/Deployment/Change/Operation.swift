import Glibc
package import Kernel
import PacketModel

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
    /// What should be said of the command's own doing.
    package private(set) var notes: [String] = []

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
        try NamespaceSeat.refuseOthers(than: folder.path, host)
        let findings = try await Recovery.perform(in: folder, host: host, guards: guards, holding: lock)
        let operation = Operation(
            folder: folder,
            lock: lock,
            host: host,
            guards: guards,
            session: session,
            author: author,
            findings: findings
        )
        return operation.needsWatch ? await operation.withWatch() : operation
    }

    /// Throws what ``begin(_:state:waiting:)`` would refuse for the place of the state; makes nothing.
    static func requirePlace(of state: String) throws {
        let path = try StateFolder.existing(at: state)?.path ?? StateFolder.checkPlace(of: state)
        try NamespaceSeat.refuseOthers(than: path, try HostIdentity.current())
    }

    /// What cannot be read may be what is to be watched; it keeps no command from its work.
    private var needsWatch: Bool {
        do {
            if try !BanList.read(from: folder).entries.isEmpty { return true }
            return try KeptFirewall.number(in: folder, host: host) != nil
        } catch {
            return true
        }
    }

    private func withWatch() async -> Operation {
        var operation = self
        if let note = await startWatch() { operation.notes.append(note) }
        return operation
    }

    /// Throws when a generation waits: one change at a time.
    package func requireNothingPending() throws {
        guard let number = try folder.undecided() else { return }
        let generation = try folder.generation(number)
        let left = folder.secondsLeft(of: number)
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

    /// Takes the generation that waits back; nil when none does. Returns also what of the firewall from before is in doubt.
    package func takeBack() async throws -> (number: Int, doubts: [String])? {
        guard let number = try folder.undecided() else { return nil }
        let result = try await folder.takeBack(number).perform("by hand", by: author, holding: lock)
        return (number, result.doubts)
    }

    /// Starts the watch that puts back what others take away of ours, unless it is at work, and sees it run. Returns what
    /// is to be said where it does not; a change is what it is all the same.
    package func startWatch() async -> String? {
        await Self.startWatch(of: folder, host: host)
    }

    package static func startWatch(of folder: StateFolder, host: HostIdentity) async -> String? {
        guard Seat.watching(folder)?.isTaken != true else { return nil }
        let arguments = [
            "watch", "--state", folder.path, "--namespace", "\(host.namespace)", "--namespace-of",
            "\(getpid())",
        ]
        var hash = ContentHash()
        hash.combine(folder.path)
        let unit = "wallwright-watch-\(host.namespace)-\(hash.digits)"
        do {
            try await GuardLauncher(folder: folder).launch(arguments, unit: unit)
            for _ in 0..<200 {
                if Seat.watching(folder)?.isTaken == true { return nil }
                try await Task.sleep(for: .milliseconds(10))
            }
            return "the watch did not start: rules that other programs remove are not restored"
        } catch {
            return "the watch did not start, so rules that other programs remove are not restored: \(error)"
        }
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
