import Compiler
import Foundation
import Kernel
import Testing

@testable import Deployment

/// What a command said, and how it ended.
struct CommandResult: Sendable, CustomStringConvertible {
    var status: Int32
    var output: String
    var error: String

    var description: String { "status \(status)\n\(output)\(error)" }

    /// What `apply` says to type: `7-k4qx`.
    var ticket: String {
        get throws {
            let found = try #require(
                output.firstMatch(of: /wallwright confirm ([0-9]+-[a-z0-9]+)/),
                "\(self)"
            )
            return String(found.1)
        }
    }
}

/// A command that runs.
struct RunningCommand: Sendable {
    let process: CommandProcess
    fileprivate let files: String

    func result(within limit: Duration = .seconds(60)) async throws -> CommandResult {
        let status = try await process.end(within: limit)
        return CommandResult(status: status, output: output, error: text("\(files).err"))
    }

    /// What it said on standard output until now.
    var output: String { text("\(files).out") }

    private func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}

extension TestHost {
    /// Starts any program inside. `files` is where what it says is kept.
    func start(
        _ arguments: [String],
        in namespace: NetworkNamespace? = nil,
        saying files: String? = nil
    ) async throws -> RunningCommand {
        let files = files ?? "\(folder)/said-\(UUID().uuidString)"
        let process = try await (namespace ?? network.inside).run {
            try CommandProcess(arguments, output: "\(files).out", error: "\(files).err")
        }
        return RunningCommand(process: process, files: files)
    }

    /// Starts `wallwright`, as a new login would.
    func start(_ arguments: String...) async throws -> RunningCommand {
        try await start(wrapper + [Self.program] + arguments + ["--state", state])
    }

    /// Runs `wallwright` to its end.
    @discardableResult
    func run(_ arguments: String...) async throws -> CommandResult {
        try await start(wrapper + [Self.program] + arguments + ["--state", state]).result()
    }

    /// Runs a script of sh inside, all of it in one session; `W` stands for the program, `S` for its state option.
    func script(_ text: String) async throws -> CommandResult {
        let prelude = "W='\(Self.program)'; S='--state \(state)'; cd '\(folder)'\n"
        return try await start(["/bin/sh", "-c", prelude + text]).result()
    }

    /// Applies lines of a policy and leaves it waiting.
    func apply(
        _ lines: String,
        on backend: BackendKind = .nftables,
        within: String = "5m"
    ) async throws -> CommandResult {
        let path = try policy(lines)
        let arguments = ["apply", path, "--backend", backend.rawValue, "--confirm-within", within]
        let result = try await start(wrapper + [Self.program] + arguments + ["--state", state]).result()
        try #require(result.status == 0, "\(result)")
        return result
    }

    /// Confirms as somebody at the console of the machine.
    @discardableResult
    func confirm(_ ticket: String) async throws -> CommandResult {
        try await run("confirm", ticket, "--same-session")
    }

    /// Applies lines of a policy and confirms them.
    func settle(_ lines: String, on backend: BackendKind = .nftables) async throws {
        let ticket = try await apply(lines, on: backend).ticket
        let result = try await confirm(ticket)
        try #require(result.status == 0, "\(result)")
    }
}
