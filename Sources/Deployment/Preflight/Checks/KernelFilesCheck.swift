import Diagnostics
import Kernel

/// What a change needs of /proc: without the number of this start of the machine nobody could tell a change of this one
/// from one of the last.
struct KernelFilesCheck: PreflightCheck {
    var hasBootNumber: Bool

    var diagnostics: [Diagnostic] {
        if hasBootNumber { return [] }
        return [
            Diagnostic(
                code: "preflight.proc.missing",
                "\(HostIdentity.bootFile) cannot be read",
                notes: ["it tells a change of this start of the machine from one of the last"],
                fix: "run it where /proc is whole; in a container, do not hide /proc/sys"
            )
        ]
    }
}

extension KernelFilesCheck {
    init(reading host: PreflightHost) async {
        hasBootNumber = await host.files.text(of: HostIdentity.bootFile)?.isEmpty == false
    }
}
