import Glibc
import SystemPackage

/// What a person types.
enum Keyboard {
    /// What came on standard input within the time; nil when nothing did, empty at its end.
    static func read(within time: Duration) throws -> [UInt8]? {
        var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&descriptor, 1, Int32(time / .milliseconds(1))) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        do {
            let count = unsafe try buffer.withUnsafeMutableBytes {
                unsafe try FileDescriptor.standardInput.read(into: $0)
            }
            return Array(buffer[..<count])
        } catch Errno.ioError {
            // The terminal is gone.
            return []
        }
    }
}
