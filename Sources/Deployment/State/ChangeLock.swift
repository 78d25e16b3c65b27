import Glibc
package import SystemPackage

/// Whoever holds it changes the firewall of this host; nobody else does meanwhile.
///
/// A lock of an open file (flock(2)): it ends with the last process that has the file open, so with us and with every
/// tool that still works for us.
package final class ChangeLock: Sendable {
    package let descriptor: FileDescriptor

    private static let file = "lock"
    private static let pause = Duration.milliseconds(20)

    private init(descriptor: FileDescriptor) {
        self.descriptor = descriptor
    }

    deinit {
        // The lock goes with the file; there is nothing to flush.
        do { try descriptor.close() } catch {}
    }

    /// Gives the lock up before this value ends.
    package func release() {
        flock(descriptor.rawValue, LOCK_UN)
    }

    /// Waits for the lock; throws who holds it when the time is over.
    package static func acquire(
        in folder: StateFolder,
        for purpose: String,
        waiting patience: Duration
    ) async throws -> ChangeLock {
        let end = BootClock.now + patience
        repeat {
            if let lock = try attempt(in: folder, for: purpose) { return lock }
            try await Task.sleep(for: pause)
        } while BootClock.now < end
        let holder = holder(in: folder)
        throw ChangeError.refused(
            "another change is under way\(holder.map { ": \($0)" } ?? "")\n"
                + "wait until it is done; `wallwright status` shows the state"
        )
    }

    /// Who took the lock last, and for what; nil where that cannot be read.
    static func holder(in folder: StateFolder) -> String? {
        do {
            let text = String(decoding: try folder.read(file) ?? [], as: UTF8.self)
            return text.split(separator: "\n").first.map(String.init)
        } catch {
            return nil
        }
    }

    /// Whether somebody changes the firewall at this moment.
    package static func isHeld(in folder: StateFolder) -> Bool {
        Seat(file, in: folder)?.isTaken ?? false
    }

    /// The lock, if nobody holds it.
    package static func attempt(in folder: StateFolder, for purpose: String) throws -> ChangeLock? {
        let number = try folder.open(file, O_RDWR | O_CREAT)
        let lock = ChangeLock(descriptor: FileDescriptor(rawValue: number))
        guard flock(number, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else {
                throw folder.failure(file, Errno(rawValue: errno))
            }
            return nil
        }
        // Only for people who must wait: on a full disk they are told less.
        if ftruncate(number, 0) == 0 {
            let holder = "\(purpose), process \(getpid())\n"
            do { try lock.descriptor.writeAll(toAbsoluteOffset: 0, holder.utf8) } catch {}
        }
        return lock
    }
}
