import Subprocess
import SystemPackage

extension Tool {
    /// The bounds of one run.
    package struct Limits: Sendable {
        /// The most bytes of standard output that are taken.
        package var output: Int
        package var time: Duration

        package init(output: Int = 64 << 20, time: Duration = .seconds(60)) {
            self.output = output
            self.time = time
        }
    }

    /// Runs the program, in a network namespace if one is given, and returns its standard output.
    ///
    /// Any status but 0 is an error. A program that takes too long is killed.
    @discardableResult
    package func run(
        _ arguments: [String],
        input: [UInt8] = [],
        in namespace: NetworkNamespace? = nil,
        limits: Limits = Limits()
    ) async throws(ToolError) -> [UInt8] {
        guard let namespace else {
            return try await execute(arguments, input: input, limits: limits, reportedAs: name)
        }
        // The library forks from threads of its own, so the program must enter by itself (nsenter(1)).
        let enter = ["--net=\(namespace.path)", "--", path.string]
        let nsenter = try Tool(named: "nsenter")
        defer { withExtendedLifetime(namespace) {} }
        return try await nsenter.execute(enter + arguments, input: input, limits: limits, reportedAs: name)
    }

    /// As ``run(_:input:in:limits:)``, with text for bytes.
    @discardableResult
    package func run(
        _ arguments: [String],
        text: String,
        in namespace: NetworkNamespace? = nil,
        limits: Limits = Limits()
    ) async throws(ToolError) -> String {
        let output = try await run(arguments, input: Array(text.utf8), in: namespace, limits: limits)
        return String(decoding: output, as: UTF8.self)
    }

    private func execute(
        _ arguments: [String],
        input: [UInt8],
        limits: Limits,
        reportedAs program: String
    ) async throws(ToolError) -> [UInt8] {
        do {
            let finished = try await Self.within(limits.time) {
                try await start(arguments, input: input, limits: limits)
            }
            guard let finished else { throw ToolError.timedOut(program: program, limit: limits.time) }
            switch finished.status {
            case .exited(0): return finished.output
            case .exited(let status):
                throw ToolError.failed(program: program, status: status, message: finished.firstErrorLines)
            case .signaled(let signal):
                throw ToolError.killed(program: program, signal: signal)
            }
        } catch let error as ToolError {
            throw error
        } catch let error as SubprocessError where error.code == .outputLimitExceeded {
            throw ToolError.outputTooLong(program: program, limit: limits.output)
        } catch {
            throw ToolError.notRun(program: program, reason: "\(error)")
        }
    }

    private struct Finished: Sendable {
        let status: TerminationStatus
        let output: [UInt8]
        let error: [UInt8]

        var firstErrorLines: String {
            let lines = String(decoding: error, as: UTF8.self).split(whereSeparator: \.isNewline)
            return lines.prefix(8).joined(separator: "\n")
        }
    }

    /// The most bytes of standard error that a program may write.
    private static let errorLimit = 4 << 20

    private func start(_ arguments: [String], input: [UInt8], limits: Limits) async throws -> Finished {
        let environment = ["PATH": Self.folders.joined(separator: ":"), "LC_ALL": "C"]
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .milliseconds(200))]
        let result = try await Subprocess.run(
            .path(path),
            arguments: Arguments(arguments),
            environment: .custom(
                Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) })
            ),
            platformOptions: options,
            input: .fileDescriptor(try memoryFile(holding: input), closeAfterSpawningProcess: true),
            output: .bytes(limit: limits.output),
            error: .bytes(limit: Self.errorLimit)
        )
        return Finished(
            status: result.terminationStatus,
            output: result.standardOutput,
            error: result.standardError
        )
    }

    /// The value of the work, or nil when it took longer; the work is then cancelled.
    private static func within<Value: Sendable>(
        _ limit: Duration,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
