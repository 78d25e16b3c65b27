import Glibc
import Kernel
import SystemPackage

/// Starts the guard of a generation, and sees it run.
package struct GuardLauncher: Sendable {
    let folder: StateFolder

    /// How long a guard may take to say that it is ready.
    private static let patience = Duration.seconds(10)

    package init(folder: StateFolder) {
        self.folder = folder
    }

    /// The program that is this one, as it can be started now: after an upgrade or a removal the file of this process has
    /// no name any more, and /proc still leads to it.
    var program: Tool {
        let link = seen { try HostFiles().link(at: "/proc/self/exe") } ?? ""
        let isThere = unsafe access(link, X_OK) == 0 && link.hasPrefix("/")
        return Tool(path: FilePath(isThere ? link : "/proc/\(getpid())/exe"))
    }

    /// Returns when the guard holds the way back and watches the clock; throws when it does not.
    package func start(for generation: Generation) async throws {
        let arguments = [
            "guard", "--state", folder.path, "--generation", "\(generation.number)", "--namespace-of",
            "\(getpid())",
        ]
        try await launch(arguments, unit: "wallwright-guard-\(generation.number)-\(generation.code)")
        let end = BootClock.now + Self.patience
        while BootClock.now < end {
            if isRunning(for: generation.number) { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        let said = try EventLog.ofGuard(generation.number, in: folder).last(1).map {
            "\nthe guard said: \($0)"
        }
        throw ChangeError.failed("the guard that would take the change back did not start\(said.joined())")
    }

    /// A service of its own where systemd runs (sd_booted(3)), for that kills what a login leaves behind (logind.conf(5),
    /// `KillUserProcesses=`); elsewhere a daemon.
    func launch(_ arguments: [String], unit: String) async throws {
        if seen({ try HostFiles().exists("/run/systemd/system") }) == true && Tool.isInstalled("systemd-run")
        {
            try await launchService(arguments, unit: unit)
        } else {
            try await program.startDaemon(arguments)
        }
    }

    private func launchService(_ arguments: [String], unit: String) async throws(ToolError) {
        let words = Self.service(running: [program.path.string] + arguments, unit: unit)
        try await Tool(named: words[0]).run(
            Array(words.dropFirst()),
            text: "",
            limits: Tool.Limits(time: .seconds(10))
        )
    }

    /// The command that starts a service of systemd; without a name it gets one of its own (systemd-run(1)).
    static func service(running command: [String], unit: String? = nil) -> [String] {
        let properties = [
            "Restart=on-failure", "RestartSec=100ms", "OOMScoreAdjust=-1000", "TimeoutStopSec=90",
        ]
        return ["systemd-run", "--quiet", "--collect"] + (unit.map { ["--unit", $0] } ?? [])
            + ["--service-type=exec"] + properties.map { "--property=\($0)" } + ["--"] + command
    }

    /// Whether a guard of the generation is at work: it holds a lock as long as it lives.
    package func isRunning(for number: Int) -> Bool {
        Seat.guarding(number, in: folder)?.isTaken ?? false
    }

    /// A guard is started whatever cannot be read: nil then.
    private func seen<Value>(_ look: () throws -> Value?) -> Value? {
        do { return try look() } catch { return nil }
    }
}
