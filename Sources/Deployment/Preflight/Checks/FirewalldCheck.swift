import Diagnostics
import Kernel

/// firewalld keeps a firewall of its own: a table `inet firewalld`, or chains of iptables where firewalld.conf(5) has
/// `FirewallBackend=iptables`.
struct FirewalldCheck: PreflightCheck {
    var backend: PreflightRequest.Backend
    var isRunning: Bool
    /// It starts at the next boot.
    var isEnabled: Bool
    var usesIptables: Bool

    var diagnostics: [Diagnostic] {
        guard isRunning || isEnabled else { return [] }
        var notes = ["what its zones refuse stays refused, whatever the policy says"]
        if usesIptables && backend != .nftables {
            notes.append(
                "its backend is iptables: `firewall-cmd --reload` empties the tables, our chains too"
            )
        }
        notes.append(
            "stopping it takes rules of Docker, libvirt and their like away too, until these are restarted"
        )
        return [
            Diagnostic(
                .warning,
                code: "preflight.manager.firewalld",
                isRunning
                    ? "firewalld runs too, and a packet must pass both firewalls"
                    : "firewalld starts at the next boot, and a packet must then pass both firewalls",
                notes: notes,
                fix: "run `systemctl disable firewalld` once the policy is confirmed, without --now"
            )
        ]
    }
}

extension FirewalldCheck {
    init(reading host: PreflightHost) async {
        backend = host.request.backend
        // Where it runs without systemd it leaves its process id; a stale file names no process.
        let process = await host.files.text(of: "/run/firewalld.pid").map { $0.filter(\.isNumber) } ?? ""
        let hasProcess = process.isEmpty ? false : await host.files.exists("/proc/\(process)")
        let hasGroup = await host.isRunning("firewalld")
        isRunning = hasProcess || hasGroup
        isEnabled = await host.isEnabled("firewalld")
        let settings = Assignments(await host.files.text(of: "/etc/firewalld/firewalld.conf") ?? "")
        usesIptables = settings["FirewallBackend"] == "iptables"
    }
}
