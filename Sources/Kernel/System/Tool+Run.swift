package import SystemPackage

extension Tool {
    /// The bounds of one run.
    package struct Limits: Sendable {
        /// The most bytes of standard output that are taken; nil takes none, however much comes.
        package var output: Int?
        package var time: Duration

        package init(output: Int? = 64 << 20, time: Duration = .seconds(60)) {
            self.output = output
            self.time = time
        }

        /// For what puts a firewall back, or loads it at boot: as long as a kernel at work may take on a machine that is
        /// busy with other things. After that the tool hangs, and another way is better than none.
        package static let ofRecovery = Limits(output: nil, time: .seconds(300))
    }

    /// Runs the program, in a network namespace if one is given, and returns its standard output.
    ///
    /// Any status but 0 is an error. A program that takes too long is killed.
    ///
    /// A lock to hold becomes the program's standard output, which is then not returned: the lock (flock(2)) belongs to
    /// the open file, so it ends with the program and not with a caller that is killed meanwhile.
    @discardableResult
    package func run(
        _ arguments: [String],
        input: [UInt8] = [],
        in namespace: NetworkNamespace? = nil,
        holding lock: FileDescriptor? = nil,
        limits: Limits = Limits()
    ) async throws(ToolError) -> [UInt8] {
        var run = ToolRun(program: self, arguments: arguments, input: input, lock: lock, limits: limits)
        guard let namespace, !namespace.isOfThisProcess else { return try await run.output(reportedAs: name) }
        // The library forks from threads of its own, so the program must enter by itself (nsenter(1)).
        run.arguments = ["--net=\(namespace.path)", "--", path.string] + arguments
        run.program = try Tool(named: "nsenter")
        defer { withExtendedLifetime(namespace) {} }
        return try await run.output(reportedAs: name)
    }

    /// As ``run(_:input:in:limits:)``, with text for bytes.
    @discardableResult
    package func run(
        _ arguments: [String],
        text: String,
        in namespace: NetworkNamespace? = nil,
        holding lock: FileDescriptor? = nil,
        limits: Limits = Limits()
    ) async throws(ToolError) -> String {
        let input = Array(text.utf8)
        let output = try await run(arguments, input: input, in: namespace, holding: lock, limits: limits)
        return String(decoding: output, as: UTF8.self)
    }
}
