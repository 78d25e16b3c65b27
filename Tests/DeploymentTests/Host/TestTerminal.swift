import Kernel
import Testing

/// A terminal that a person would sit at, inside a host: a session of tmux (tmux(1)) with one shell.
final class TestTerminal: Sendable {
    private let host: TestHost
    private let socket: String

    /// The shell finds the program as `wallwright` and has no prompt.
    init(in host: TestHost, columns: Int = 120, rows: Int = 60) async throws {
        self.host = host
        socket = "\(host.folder)/tmux"
        try #require(Tool.isInstalled("tmux"))
        let shell = "PS1= PATH='\(TestHost.program.dropLast("/wallwright".count))':$PATH sh"
        try await tmux("-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", shell)
    }

    deinit {
        TestProcesses.end(mentioning: socket)
    }

    @discardableResult
    private func tmux(_ arguments: String...) async throws -> String {
        let result = try await host.start(["/usr/bin/tmux", "-S", socket] + arguments).result()
        try #require(result.status == 0, "\(result)")
        return result.output
    }

    /// Types keys by the names that tmux has for them: `Enter`, `C-c`.
    func press(_ keys: String...) async throws {
        for key in keys { try await tmux("send-keys", key) }
    }

    /// Types a line.
    func type(_ line: String) async throws {
        try await tmux("send-keys", "-l", line)
        try await press("Enter")
    }

    /// All that stands on the screen.
    var screen: String {
        get async throws { try await tmux("capture-pane", "-p", "-J") }
    }

    /// The same, each row of the screen by itself.
    var rows: String {
        get async throws { try await tmux("capture-pane", "-p") }
    }

    /// As one drags the corner of a window.
    func resize(columns: Int, rows: Int) async throws {
        try await tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }

    /// Closes it, as one closes a window.
    func close() async throws { try await tmux("kill-session") }

    func shows(_ text: String, within limit: Duration = .seconds(10)) async throws {
        let isShown = try await host.waits(limit) { try await self.screen.contains(text) }
        let screen = try await screen
        #expect(isShown, "\(text) is not on the screen:\n\(screen)")
    }
}
