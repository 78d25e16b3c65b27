/// Why something did not happen on the host, and what to do now.
package struct ChangeError: Error, Sendable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// The rules of the house forbid it: a code that is wrong, a change that waits, a policy that shuts out.
        case refused
        /// The kernel, a tool or the disk failed.
        case failed
    }

    package let kind: Kind
    /// One clause, then a line for each thing to do or to know.
    package let description: String

    package static func refused(_ description: String) -> ChangeError {
        ChangeError(kind: .refused, description: description)
    }

    package static func failed(_ description: String) -> ChangeError {
        ChangeError(kind: .failed, description: description)
    }
}
