/// What of the state a boot can get: a disk that is read-only, damaged or not there keeps it from loading nothing.
package struct BootState: Sendable {
    /// Nil where nothing was ever applied, or the state cannot be opened.
    package let folder: StateFolder?
    package let host: HostIdentity?
    /// Nil where the lock cannot be written: then nobody else can change anything either.
    let lock: ChangeLock?
    /// Why something is missing.
    let notes: [String]

    /// How long another change is waited for.
    private static let patience = Duration.seconds(20)

    /// Throws only when somebody else changes the firewall all the time.
    package static func open(at path: String) async throws -> BootState {
        var notes: [String] = []
        func attempt<Value>(_ what: String, _ work: () throws -> Value?) -> Value? {
            do { return try work() } catch {
                notes.append("\(what)\(error)")
                return nil
            }
        }
        let host = attempt("") { try HostIdentity.current() }
        let folder = attempt("") { try StateFolder.existing(at: path) }
        guard let folder else { return BootState(folder: nil, host: host, lock: nil, notes: notes) }
        let end = BootClock.now + patience
        var lock: ChangeLock?
        var canLock = true
        while lock == nil && canLock && BootClock.now < end {
            do {
                lock = try ChangeLock.attempt(in: folder, for: purpose)
                if lock == nil { try await Task.sleep(for: .milliseconds(20)) }
            } catch {
                notes.append("no lock is held, and nothing is written down: \(error)")
                canLock = false
            }
        }
        // Once more, to say who it is.
        if lock == nil && canLock {
            lock = try await ChangeLock.acquire(in: folder, for: purpose, waiting: .zero)
        }
        return BootState(folder: folder, host: host, lock: lock, notes: notes)
    }

    private static let purpose = "wallwright boot"

    /// Others may change the firewall now.
    package func release() { lock?.release() }
}
