import Glibc
import SystemPackage

/// The place of the one watch of a network namespace, whatever its state folder: two of them would take each other's
/// firewall away for ever. A file under /run that is locked (flock(2)) and holds the path of the state.
final class NamespaceSeat: Sendable {
    private let path: String
    private let descriptor: FileDescriptor

    private static let folder = "/run/wallwright"

    /// Nil when another watch has it, or nothing can be written under /run.
    init?(_ host: HostIdentity, for state: StateFolder) {
        _ = unsafe mkdir(Self.folder, 0o700)
        path = Self.path(host)
        guard let taken = Self.take(path) else { return nil }
        descriptor = taken
        do {
            try descriptor.resize(to: 0)
            try descriptor.writeAll(toAbsoluteOffset: 0, state.path.utf8)
        } catch {
            return nil
        }
    }

    deinit {
        // Gone before the lock is: who comes now makes a new one.
        _ = unsafe unlink(path)
        // The lock goes with the file; there is nothing to flush.
        do { try descriptor.close() } catch {}
    }

    /// The file, locked. One that its last owner removed in the meantime is no longer the one at the path.
    private static func take(_ path: String) -> FileDescriptor? {
        for _ in 0..<3 {
            let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC
            let number = unsafe open(path, flags, mode_t(0o600))
            guard number >= 0 else { return nil }
            var (held, present) = (stat(), stat())
            let isLocked = flock(number, LOCK_EX | LOCK_NB) == 0
            let isSame =
                unsafe fstat(number, &held) == 0 && lstat(path, &present) == 0
                && held.st_ino == present.st_ino
            if isLocked, isSame { return FileDescriptor(rawValue: number) }
            close(number)
            if !isLocked { return nil }
        }
        return nil
    }

    /// Throws when the watch of another state folder looks after this namespace.
    static func refuseOthers(than state: String, _ host: HostIdentity) throws {
        let number = unsafe open(path(host), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard number >= 0 else { return }
        let file = FileDescriptor(rawValue: number)
        let owner: String? = try file.closeAfter {
            guard flock(number, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
            var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
            let count = unsafe try buffer.withUnsafeMutableBytes { unsafe try file.read(into: $0) }
            return String(decoding: buffer[..<count], as: UTF8.self)
        }
        guard let owner, owner != state else { return }
        throw ChangeError.refused(
            "the firewall here is looked after with the state in \(owner), not in \(state)\n"
                + "do: use --state \(owner), or first: wallwright remove --state \(owner)"
        )
    }

    private static func path(_ host: HostIdentity) -> String { "\(folder)/watch-\(host.namespace)" }
}
