import Diagnostics
import Kernel

/// What starts the guard is installed; no change is made that nobody would take back.
struct GuardCheck: PreflightCheck {
    /// Nil when it is there.
    var missing: String?
    var installation: String
    /// Why systemd, which would run it, starts no service.
    var refusal: String?

    var diagnostics: [Diagnostic] {
        if let refusal {
            return [
                Diagnostic(
                    code: "preflight.guard.refused",
                    "systemd runs here and starts no service, which the guard that takes a change back is",
                    notes: [refusal],
                    fix: "run `systemctl status`, and mend what it says of systemd or D-Bus"
                )
            ]
        }
        guard let missing else { return [] }
        return [
            Diagnostic(
                code: "preflight.guard.missing",
                "\(missing) is not installed, and starts the guard that takes a change back",
                fix: Fix(installation)
            )
        ]
    }
}

extension GuardCheck {
    init(reading host: PreflightHost) async {
        installation = await host.installation(of: .utilLinux)
        guard await host.files.exists("/run/systemd/system"), host.isInstalled("systemd-run") else {
            missing = host.isInstalled("setsid") ? nil : "setsid"
            return
        }
        // A service like the guard's, which ends at once: only this shows that one can be started.
        refusal = await host.answer(GuardLauncher.service(running: ["true"])).refusal.map { "\($0)" }
    }
}
