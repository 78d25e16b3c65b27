import Diagnostics
import Kernel

/// Room in the table of connection tracking (Documentation/networking/nf_conntrack-sysctl.rst). In a full one the
/// kernel drops whatever begins, allowed or not: "nf_conntrack: table full, dropping packet".
struct ConntrackTableCheck: PreflightCheck {
    var count: Int
    /// 0 for no bound.
    var maximum: Int

    var diagnostics: [Diagnostic] {
        guard maximum > 0, count >= maximum - maximum / 10 else { return [] }
        return [
            Diagnostic(
                .warning,
                code: "preflight.conntrack.full",
                "the table of connections is nearly full: \(count) of \(maximum)",
                notes: ["when it is full the kernel drops new connections, allowed or not"],
                fix:
                    "run `sysctl -w net.netfilter.nf_conntrack_max=\(maximum * 2)`, and write it to /etc/sysctl.d/"
            )
        ]
    }
}

extension ConntrackTableCheck {
    /// Without the module there are no files and no connections.
    init(reading host: PreflightHost) async {
        count = await host.number("nf_conntrack_count") ?? 0
        maximum = await host.number("nf_conntrack_max") ?? 0
    }
}

extension PreflightHost {
    /// A setting of connection tracking; nil where the module is not loaded.
    func number(_ setting: String) async -> Int? {
        await files.text(of: "/proc/sys/net/netfilter/\(setting)").flatMap { Int($0.filter(\.isNumber)) }
    }
}
