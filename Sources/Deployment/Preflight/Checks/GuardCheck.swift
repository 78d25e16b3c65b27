import Diagnostics
import Kernel

/// What starts the guard is installed; no change is made that nobody would take back.
struct GuardCheck: PreflightCheck {
    /// Nil when it is there.
    var missing: String?
    var installation: String

    var diagnostics: [Diagnostic] {
        guard let missing else { return [] }
        return [
            Diagnostic(
                code: "preflight.guard.missing",
                "\(missing) is not installed, and starts the guard that takes a change back",
                fix: installation
            )
        ]
    }
}

extension GuardCheck {
    init(reading host: PreflightHost) async {
        let hasSystemd = await host.files.exists("/run/systemd/system") && host.isInstalled("systemd-run")
        missing = hasSystemd || host.isInstalled("setsid") ? nil : "setsid"
        installation = await host.installation(of: .utilLinux)
    }
}
