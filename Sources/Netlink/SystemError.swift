import Glibc
package import SystemPackage

/// A system call that failed, by its name.
package struct SystemError: Error, Hashable, Sendable {
    package let call: String
    package let errno: Errno

    package init(_ call: String, _ errno: Errno) {
        self.call = call
        self.errno = errno
    }
}

extension SystemError: CustomStringConvertible {
    package var description: String { "\(call): \(errno)" }
}

/// Gives back what a call returned, or throws the thread's error number when it is -1.
@discardableResult
package func checked(_ call: @autoclosure () -> String, _ result: Int32) throws(SystemError) -> Int32 {
    guard result != -1 else { throw SystemError(call(), Errno(rawValue: errno)) }
    return result
}
