import Subprocess
import SystemPackage

extension Tool {
    /// Starts the program as a daemon that outlives this process: in a session of its own, in the root folder, with
    /// its standard streams on /dev/null (setsid(1)).
    package func startDaemon(_ arguments: [String]) async throws(ToolError) {
        let setsid = try Tool(named: "setsid")
        do {
            let result = try await Subprocess.run(
                .path(setsid.path),
                arguments: Arguments(["--fork", path.string] + arguments),
                environment: ToolRun.environment,
                workingDirectory: "/",
                output: .discarded,
                error: .discarded
            )
            switch result.terminationStatus {
            case .exited(0): return
            case .exited(let status): throw ToolError.failed(program: name, status: status, message: "")
            case .signaled(let signal): throw ToolError.killed(program: name, signal: signal)
            }
        } catch let error as ToolError {
            throw error
        } catch {
            throw ToolError.notRun(program: name, reason: "\(error)")
        }
    }
}
