import Compiler
import Diagnostics
import Kernel

/// The kernel has what the backend needs: nf_tables for nftables and for iptables-nft, the old tables for
/// iptables-legacy; and it lets this process use it in this network namespace.
///
/// The tool itself asks, with a firewall that is checked and not loaded. Whether it has what the rules of a policy need
/// besides is asked with those rules, by ``BackendChoice``.
struct KernelSupportCheck: PreflightCheck {
    var backend: PreflightRequest.Backend
    var refusal: ToolError?
    var surroundings: KernelSurroundings

    private static let table =
        "table inet wallwright { chain c { type filter hook input priority 0; ct state new accept\n}\n}\n"
    private static let filter = "*filter\n-A INPUT -m conntrack --ctstate NEW -j RETURN\nCOMMIT\n"

    var diagnostics: [Diagnostic] {
        guard let refusal else { return [] }
        return [
            Diagnostic(
                code: "preflight.kernel.refused",
                "the kernel refuses \(subject)",
                notes: ["\(refusal)"] + surroundings.notes,
                fix: surroundings.fix(loading: modules, on: backend)
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

    private var modules: [String] {
        switch backend {
        case .nftables: ["nf_tables", "nf_conntrack"]
        case .iptables(.nft): ["nf_tables", "nft_compat", "xt_conntrack"]
        case .iptables(.legacy): ["iptable_filter", "ip6table_filter", "xt_conntrack"]
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
                await host.answer(
                    "iptables-legacy-restore",
                    "--test",
                    "--noflush",
                    input: Self.filter,
                    isolated: true
                )
            }
        refusal = answer.refusal
        surroundings = await KernelSurroundings(reading: host)
    }
}
