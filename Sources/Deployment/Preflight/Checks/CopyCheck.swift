import Diagnostics
import Glibc
import Kernel

/// Whether a login can be tried in a copy of the rules. A change goes without, and waits for a real login all the same.
struct CopyCheck: PreflightCheck {
    var obstacle: String?

    var diagnostics: [Diagnostic] {
        guard let obstacle else { return [] }
        return [
            Diagnostic(
                .note,
                code: "preflight.copy.impossible",
                "no login can be tried in a copy of the rules, so `apply --now` is refused here",
                notes: [obstacle],
                fix: "run `wallwright apply` without --now, and confirm from a new login"
            )
        ]
    }
}

extension CopyCheck {
    /// One of the settings that a copy changes.
    private static let setting = "/proc/sys/net/ipv4/conf/all/rp_filter"

    init(reading host: PreflightHost) async {
        obstacle = nil
        guard host.isThisMachine else { return }
        do {
            _ = try await NetworkNamespace.make()
            if unsafe access(Self.setting, W_OK) != 0 {
                obstacle = "the settings of the kernel under /proc/sys cannot be written"
            } else if !host.isInstalled("nsenter") || !host.isInstalled("ip") {
                obstacle = "\(host.isInstalled("ip") ? "nsenter" : "ip") is not installed"
            }
        } catch {
            obstacle = "\(error)"
        }
    }
}
