import Diagnostics
import Kernel

/// The kernel has what the backend needs: nf_tables for nftables and for iptables-nft, the old tables for
/// iptables-legacy.
///
/// The tool itself asks, with a firewall that is checked and not loaded. A kernel that was updated and not yet booted
/// cannot load modules any more: those of the running one are gone from `/lib/modules`.
struct KernelSupportCheck: PreflightCheck {
    var backend: PreflightRequest.Backend
    var refusal: ToolError?
    /// The release of the running kernel.
    var release: String
    /// `/lib/modules` has other kernels, and this one no more.
    var isReplaced: Bool
    var isContainer: Bool

    private static let table =
        "table inet wallwright { chain c { type filter hook input priority 0; ct state new accept\n}\n}\n"
    private static let filter = "*filter\n-A INPUT -m conntrack --ctstate NEW -j RETURN\nCOMMIT\n"

    var diagnostics: [Diagnostic] {
        guard let refusal else { return [] }
        var notes = ["\(refusal)"]
        if isReplaced && !isContainer {
            notes.append("the modules of the running kernel, \(release), are gone from /lib/modules")
        }
        if isContainer { notes.append("a container has the kernel of its host, which loads the modules") }
        return [
            Diagnostic(
                code: "preflight.kernel.refused",
                "the kernel refuses \(subject)",
                notes: notes,
                fix: fix
            )
        ]
    }

    private var subject: String {
        switch backend {
        case .nftables: "nftables"
        case .iptables(.nft): "iptables-nft"
        case .iptables(.legacy): "iptables-legacy"
        }
    }

    private var fix: String {
        if isContainer { return "run `modprobe -a \(modules)` on the host of the container" }
        if isReplaced { return "boot the installed kernel: `reboot`" }
        let other = backend == .nftables ? "iptables" : "nftables"
        return "run `modprobe -a \(modules)`, or write `backend: \(other)`"
    }

    private var modules: String {
        switch backend {
        case .nftables: "nf_tables nf_conntrack"
        case .iptables(.nft): "nf_tables nft_compat xt_conntrack"
        case .iptables(.legacy): "iptable_filter ip6table_filter xt_conntrack"
        }
    }
}

extension KernelSupportCheck {
    init(reading host: PreflightHost) async {
        backend = host.request.backend
        let answer =
            switch backend {
            case .nftables:
                await host.answer("nft", "--check", "-f", "-", input: Self.table)
            case .iptables(.nft):
                await host.answer("iptables-nft-restore", "--test", "--noflush", input: Self.filter)
            case .iptables(.legacy):
                // Even a test makes the kernel's old tables, which iptables-nft would then warn of at each call.
                await host.answer("iptables-legacy-restore", "--noflush", input: Self.filter, isolated: true)
            }
        // Where no namespace can be made (a container without CAP_SYS_ADMIN) the check before the commit asks.
        switch answer.refusal {
        case .notRun: refusal = nil
        case let other: refusal = other
        }
        let running = await host.files.text(of: "/proc/sys/kernel/osrelease") ?? ""
        release = String(running.prefix { $0 != "\n" })
        let kernels = await host.files.names(in: "/lib/modules")
        isReplaced = !kernels.isEmpty && !kernels.contains(release)
        isContainer = await host.containerEngine() != nil
    }
}
