import Diagnostics
import Kernel

/// ConfigServer Firewall keeps a firewall of its own in iptables and empties its tables whenever it starts
/// (csf's readme.txt, "csf -r", "csf -x", "TESTING").
struct CsfCheck: PreflightCheck {
    var backend: PreflightRequest.Backend
    /// Installed, and not switched off by `csf -x`.
    var isOn: Bool
    var isTesting: Bool

    var diagnostics: [Diagnostic] {
        guard isOn else { return [] }
        var notes = ["what csf refuses stays refused, whatever the policy says"]
        let sharesTables = backend != .nftables
        if sharesTables {
            notes.append("each start of csf or lfd empties the tables of iptables, our chains too")
        }
        notes.append(
            "`csf -x` empties the tables of iptables: restart Docker, fail2ban and their like after it"
        )
        if isTesting {
            notes.append(
                "TESTING is 1 in /etc/csf/csf.conf: every five minutes a cron job empties those tables"
            )
        }
        return [
            Diagnostic(
                .warning,
                code: "preflight.manager.csf",
                "csf is on too, and a packet must pass both firewalls",
                notes: notes,
                fix: sharesTables
                    ? "run `csf -x` before the apply: it empties the tables of iptables"
                    : "run `csf -x` once the policy is confirmed"
            )
        ]
    }
}

extension CsfCheck {
    init(reading host: PreflightHost) async {
        backend = host.request.backend
        let configuration = await host.files.text(of: "/etc/csf/csf.conf")
        let isDisabled = await host.files.exists("/etc/csf/csf.disable")
        isOn = configuration != nil && !isDisabled
        isTesting = Assignments(configuration ?? "")["TESTING"] == "1"
    }
}
