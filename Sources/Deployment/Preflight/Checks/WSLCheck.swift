import Diagnostics
import Kernel

/// Linux inside Windows. The first WSL translates system calls and has no netfilter; the second is a virtual machine
/// with a kernel of its own, whose firewall guards that machine and nothing of Windows.
///
/// Microsoft's kernels say so in their release: `4.4.0-19041-Microsoft`, `5.15.167.4-microsoft-standard-WSL2`.
struct WSLCheck: PreflightCheck {
    var release: String

    var diagnostics: [Diagnostic] {
        let release = release.lowercased()
        guard release.contains("microsoft") else { return [] }
        guard release.contains("microsoft-standard") || release.contains("wsl2") else {
            return [
                Diagnostic(
                    code: "preflight.wsl.one",
                    "this is WSL 1, which has no firewall to set",
                    notes: ["WSL 1 hands connections to Windows; no packet passes a Linux kernel"],
                    fix: "run `wsl --set-version NAME 2` in Windows, or set the firewall of Windows"
                )
            ]
        }
        return [
            Diagnostic(
                .warning,
                code: "preflight.wsl.two",
                "this is WSL 2: the firewall guards its virtual machine, and not Windows",
                notes: [
                    "what Windows itself listens on stays as the firewall of Windows has it",
                    "in the mirrored network mode Windows filters what comes in before Linux sees it",
                ],
                fix: "run `Get-NetFirewallProfile` in PowerShell to see what Windows lets in"
            )
        ]
    }
}

extension WSLCheck {
    init(reading host: PreflightHost) async {
        release = await host.files.text(of: "/proc/sys/kernel/osrelease") ?? ""
    }
}
