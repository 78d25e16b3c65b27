import Diagnostics
import Kernel

/// ufw keeps a firewall of its own in iptables (ufw(8); `ENABLED` in `/etc/ufw/ufw.conf`).
struct UfwCheck: PreflightCheck {
    var backend: PreflightRequest.Backend
    var isOn: Bool
    /// `MANAGE_BUILTINS=yes` in `/etc/default/ufw`: each start flushes the built-in chains.
    var flushesBuiltInChains: Bool

    var diagnostics: [Diagnostic] {
        guard isOn else { return [] }
        var notes = ["what ufw refuses stays refused, whatever the policy says"]
        if flushesBuiltInChains && backend != .nftables {
            notes.append(
                "MANAGE_BUILTINS=yes in /etc/default/ufw: each start of ufw takes away the jumps to our chains"
            )
        }
        if flushesBuiltInChains {
            notes.append(
                "with it, `ufw disable` empties the built-in chains: restart Docker, fail2ban and their like after it"
            )
        }
        return [
            Diagnostic(
                .warning,
                code: "preflight.manager.ufw",
                "ufw is on too, and a packet must pass both firewalls",
                notes: notes,
                fix: "run `ufw disable` once the policy is confirmed"
            )
        ]
    }
}

extension UfwCheck {
    init(reading host: PreflightHost) async {
        backend = host.request.backend
        isOn = Assignments(await host.files.text(of: "/etc/ufw/ufw.conf") ?? "").isOn("ENABLED")
        flushesBuiltInChains = Assignments(await host.files.text(of: "/etc/default/ufw") ?? "")
            .isOn("MANAGE_BUILTINS")
    }
}
