import Diagnostics
import Kernel
import PacketModel
import Policy

/// Whether the kernel forwards what the policy lets pass through (Documentation/networking/ip-sysctl.rst, `ip_forward` and
/// `conf/all/forwarding`).
struct ForwardingCheck: PreflightCheck {
    /// The families of which the policy forwards something.
    var wanted: Set<IPFamily>
    /// Those that the kernel does not forward.
    var isOff: Set<IPFamily>

    var diagnostics: [Diagnostic] {
        let off = IPFamily.allCases.filter { wanted.contains($0) && isOff.contains($0) }
        // Whoever forwards one family only may mean it so.
        guard !off.isEmpty, wanted.isSubset(of: isOff) else { return [] }
        let settings = off.map { "\(Self.setting($0))=1" }.joined(separator: " ")
        return [
            Diagnostic(
                .warning,
                code: "preflight.forwarding.off",
                "the policy lets packets pass through this host, and the kernel forwards none",
                fix: Fix("run `sysctl -w \(settings)`, and write it to /etc/sysctl.d/")
            )
        ]
    }

    private static func setting(_ family: IPFamily) -> String {
        switch family {
        case .ipv4: "net.ipv4.ip_forward"
        case .ipv6: "net.ipv6.conf.all.forwarding"
        }
    }
}

extension ForwardingCheck {
    init(reading host: PreflightHost) async {
        wanted = host.request.policy.map(Self.forwarded) ?? []
        isOff = []
        for family in IPFamily.allCases {
            let path = "/proc/sys/" + Self.setting(family).replacing(".", with: "/")
            if await host.files.text(of: path) == "0\n" { isOff.insert(family) }
        }
    }

    private static func forwarded(_ policy: Policy) -> Set<IPFamily> {
        let lines = policy.lines.filter { $0.direction == .forward && $0.action == .allow }
        return Set(
            IPFamily.allCases.filter { family in
                lines.contains { line in
                    line.source?[family].isEmpty != true && line.destination?[family].isEmpty != true
                }
            }
        )
    }
}
