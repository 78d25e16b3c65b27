/// Why a program did not do what it was asked.
package enum ToolError: Error, Hashable, Sendable {
    /// No such program in the folders of ``Tool/folders``.
    case notFound(program: String)
    /// The program ended with a status other than 0; `message` is the start of its standard error.
    case failed(program: String, status: Int32, message: String)
    /// A signal ended the program.
    case killed(program: String, signal: Int32)
    case timedOut(program: String, limit: Duration)
    /// It wrote more than `limit` bytes.
    case outputTooLong(program: String, limit: Int)
    /// It could not be started, or its output not be read.
    case notRun(program: String, reason: String)
}

extension ToolError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFound(let program):
            "\(program) is not installed (looked in \(Tool.folders.joined(separator: ", ")))"
        case .failed(let program, let status, let message):
            "\(program) failed with status \(status)" + (message.isEmpty ? "" : ": \(message)")
        case .killed(let program, let signal):
            "\(program) was ended by signal \(signal)"
        case .timedOut(let program, let limit):
            "\(program) did not finish within \(limit)"
        case .outputTooLong(let program, let limit):
            "\(program) wrote more than \(limit) bytes"
        case .notRun(let program, let reason):
            "\(program) could not be run: \(reason)"
        }
    }
}
