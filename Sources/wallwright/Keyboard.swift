import Glibc
import SystemPackage

/// What a person types.
enum Keyboard {
    enum Event {
        case typed([UInt8])
        /// Ctrl-D: nothing more for now, and something may come yet.
        case end
        /// The terminal is closed.
        case gone
    }

    /// What came on standard input within the time; nil when nothing did.
    static func read(within time: Duration) throws -> Event? {
        var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&descriptor, 1, Int32(time / .milliseconds(1))) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        do {
            let count = unsafe try buffer.withUnsafeMutableBytes {
                unsafe try FileDescriptor.standardInput.read(into: $0)
            }
            if count > 0 { return .typed(Array(buffer[..<count])) }
            return descriptor.revents & Int16(POLLHUP) != 0 ? .gone : .end
        } catch Errno.ioError {
            return .gone
        }
    }
}
