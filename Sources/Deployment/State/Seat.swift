import Glibc
import SystemPackage

/// A place that one process has at a time: a file that it keeps locked (flock(2)) while it lives.
final class Seat: Sendable {
    private let descriptor: Int32

    /// Nil when the file cannot be opened: its folder is gone, or the disk is full.
    init?(_ name: String, in folder: StateFolder) {
        do throws(ChangeError) { descriptor = try folder.open(name, O_RDWR | O_CREAT) } catch { return nil }
    }

    deinit {
        close(descriptor)
    }

    /// False when another process has it. Who only looks holds it for a moment, which is waited for.
    func take() -> Bool {
        for _ in 0..<20 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            usleep(5_000)
        }
        return false
    }

    /// Has it together with others who share it; false when somebody has it alone.
    func share() -> Bool {
        for _ in 0..<20 {
            if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return true }
            usleep(5_000)
        }
        return false
    }

    /// Whether anybody has it, alone or together.
    var isShared: Bool {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
            flock(descriptor, LOCK_UN)
            return false
        }
        return errno == EWOULDBLOCK
    }

    /// Writes down who has it. On a full disk nobody can ask for it.
    func sign() {
        let file = FileDescriptor(rawValue: descriptor)
        guard ftruncate(descriptor, 0) == 0 else { return }
        do { try file.writeAll(toAbsoluteOffset: 0, "\(getpid())\n".utf8) } catch {}
    }

    /// The process that signed; only of a seat that is taken it is the one that has it.
    var signature: pid_t? {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe pread(descriptor, bytes.baseAddress, bytes.count, 0)
        }
        guard count > 0 else { return nil }
        return pid_t(String(decoding: buffer[..<(count - 1)], as: UTF8.self))
    }

    var isTaken: Bool {
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 {
            flock(descriptor, LOCK_UN)
            return false
        }
        return errno == EWOULDBLOCK
    }
}

extension Seat {
    /// In the folder of the generation.
    static let guardFile = "guard"

    static func guarding(_ number: Int, in folder: StateFolder) -> Seat? {
        Seat("\(StateFolder.folder(number))/\(guardFile)", in: folder)
    }

    static func watching(_ folder: StateFolder) -> Seat? {
        Seat("watch", in: folder)
    }
}
