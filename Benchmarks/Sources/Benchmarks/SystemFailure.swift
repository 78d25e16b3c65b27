/// A call to the kernel, or a tool, that did not do what it was asked.
enum SystemFailure: Error, CustomStringConvertible {
    case call(String, code: Int32)
    case tool([String], status: Int32)
    case traffic(String)

    var description: String {
        switch self {
        case .call(let name, let code): "\(name) failed with error \(code)"
        case .tool(let arguments, let status): "\(arguments.joined(separator: " ")): exit status \(status)"
        case .traffic(let what): what
        }
    }

    /// The value of a call that answers with a negative error number when it fails.
    static func check<Value: SignedInteger>(
        _ name: String,
        _ result: Value
    ) throws(SystemFailure) -> Value {
        guard result >= 0 else { throw .call(name, code: Int32(-result)) }
        return result
    }
}
