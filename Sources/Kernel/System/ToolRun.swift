import Subprocess
import SystemPackage

/// One run of a program, from its start to its end.
struct ToolRun: Sendable {
    var program: Tool
    var arguments: [String]
    var input: [UInt8]
    var lock: FileDescriptor?
    var limits: Tool.Limits

    func output(reportedAs program: String) async throws(ToolError) -> [UInt8] {
        do {
            let finished = try await Self.within(limits.time) { try await start() }
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
            throw ToolError.outputTooLong(program: program, limit: limits.output ?? Self.errorLimit)
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

    static var environment: Environment {
        let values = ["PATH": Tool.folders.joined(separator: ":"), "LC_ALL": "C"]
        return .custom(
            Dictionary(uniqueKeysWithValues: values.map { (Environment.Key(stringLiteral: $0), $1) })
        )
    }

    private func start() async throws -> Finished {
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .milliseconds(200))]
        let input = try memoryFile(holding: input)
        if let lock {
            let result = try await Subprocess.run(
                .path(program.path),
                arguments: Arguments(arguments),
                environment: Self.environment,
                platformOptions: options,
                input: .fileDescriptor(input, closeAfterSpawningProcess: true),
                output: .fileDescriptor(lock, closeAfterSpawningProcess: false),
                error: .bytes(limit: Self.errorLimit)
            )
            return Finished(status: result.terminationStatus, output: [], error: result.standardError)
        }
        guard let limit = limits.output else {
            let result = try await Subprocess.run(
                .path(program.path),
                arguments: Arguments(arguments),
                environment: Self.environment,
                platformOptions: options,
                input: .fileDescriptor(input, closeAfterSpawningProcess: true),
                output: .discarded,
                error: .bytes(limit: Self.errorLimit)
            )
            return Finished(status: result.terminationStatus, output: [], error: result.standardError)
        }
        let result = try await Subprocess.run(
            .path(program.path),
            arguments: Arguments(arguments),
            environment: Self.environment,
            platformOptions: options,
            input: .fileDescriptor(input, closeAfterSpawningProcess: true),
            output: .bytes(limit: limit),
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
