import Diagnostics
import Kernel

/// Whether the host has IPv6 (Documentation/networking/ip-sysctl.rst, `disable_ipv6`; kernel-parameters,
/// `ipv6.disable`).
///
/// A table `inet` loads without it, and its half for IPv6 sees nothing. ip6tables needs it.
struct IPv6Check: PreflightCheck {
    var backend: PreflightRequest.Backend
    /// The kernel was started without IPv6, or has none.
    var isMissing: Bool
    /// `net.ipv6.conf.all.disable_ipv6` is 1.
    var isSwitchedOff: Bool

    var diagnostics: [Diagnostic] {
        switch backend {
        case .iptables where isMissing:
            [
                Diagnostic(
                    code: "preflight.ipv6.missing",
                    "the kernel has no IPv6, and ip6tables cannot load without it",
                    fix: "write `backend: nftables`, which needs no IPv6"
                )
            ]
        case .nftables where isMissing:
            [Self.note("the kernel has no IPv6")]
        case .nftables, .iptables:
            isSwitchedOff ? [Self.note("IPv6 is switched off (net.ipv6.conf.all.disable_ipv6)")] : []
        }
    }

    private static func note(_ message: String) -> Diagnostic {
        Diagnostic(
            .note,
            code: "preflight.ipv6.off",
            message,
            notes: ["the policy's half for IPv6 is loaded all the same, and holds when IPv6 comes back"]
        )
    }
}

extension IPv6Check {
    init(reading host: PreflightHost) async {
        backend = host.request.backend
        let addresses = await host.files.exists("/proc/thread-self/net/if_inet6")
        let settings = await host.files.exists("/proc/sys/net/ipv6")
        isMissing = !addresses || !settings
        isSwitchedOff = await host.files.text(of: "/proc/sys/net/ipv6/conf/all/disable_ipv6") == "1\n"
    }
}
