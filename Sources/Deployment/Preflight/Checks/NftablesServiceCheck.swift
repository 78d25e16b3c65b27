import Compiler
import Diagnostics
import Kernel

/// The service `nftables` loads a file at boot. The file that distributions ship begins with `flush ruleset`, and the
/// unit flushes when it stops, too: that takes every table of every owner away, ours and those of iptables-nft.
struct NftablesServiceCheck: PreflightCheck {
    var backend: PreflightRequest.Backend
    var isEnabled: Bool
    /// The file that says `flush ruleset`.
    var flushing: String?

    /// Whether a file for nft(8) flushes everything; comments do not count.
    static func flushes(_ text: String) -> Bool {
        text.split(separator: "\n").map { $0.prefix { $0 != "#" } }.contains { line in
            line.split { $0 == ";" }.contains {
                $0.split { $0 == " " || $0 == "\t" }.prefix(2) == ["flush", "ruleset"]
            }
        }
    }

    var diagnostics: [Diagnostic] {
        guard isEnabled else { return [] }
        var notes = ["what its rules drop stays dropped, whatever the policy says"]
        if backend != .iptables(.legacy) {
            if let flushing {
                notes.append("\(flushing) says `flush ruleset`: each start takes every table away, ours too")
            }
            notes.append("each stop flushes all tables: with `disable --now` the firewall would be gone")
        }
        return [
            Diagnostic(
                .warning,
                code: "preflight.manager.nftables",
                "nftables.service loads a firewall of its own at boot",
                notes: notes,
                fix: "run `systemctl disable nftables`, without --now"
            )
        ]
    }
}

extension NftablesServiceCheck {
    init(reading host: PreflightHost) async {
        backend = host.request.backend
        isEnabled = await host.isEnabled("nftables")
        // Debian's and Fedora's.
        for file in ["/etc/nftables.conf", "/etc/sysconfig/nftables.conf"] {
            if let text = await host.files.text(of: file), Self.flushes(text) { flushing = file }
        }
    }
}
