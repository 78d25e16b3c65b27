import Compiler
import Diagnostics
import Kernel

/// Rules of iptables-legacy and of iptables-nft on one host: each packet passes both, and each tool shows and changes
/// only its own (xtables-nft(8), xtables-legacy(8)).
struct MixedIptablesCheck: PreflightCheck {
    var backend: PreflightRequest.Backend
    /// What others have by each variant, both families.
    var others: [IptablesVariant: SavedRules]

    var diagnostics: [Diagnostic] {
        let present = IptablesVariant.allCases.filter { others[$0]?.isEmpty == false }
        if present.count > 1 {
            return [
                Diagnostic(
                    .warning,
                    code: "preflight.iptables.mixed",
                    "this host has rules of iptables-legacy and of iptables-nft",
                    notes: ["a packet must pass both, and `iptables -L` shows one of them"]
                        + present.map(count),
                    fix: Fix(
                        "run `iptables-legacy-save`, find whose rules these are, and let one kind load them all: "
                            + "`update-alternatives --config iptables`"
                    )
                )
            ]
        }
        guard case .iptables(let ours) = backend, let theirs = present.first, theirs != ours else {
            return []
        }
        return [
            Diagnostic(
                .warning,
                code: "preflight.iptables.mixed",
                "the rules of this host are of iptables-\(theirs.rawValue), and ours would be of "
                    + "iptables-\(ours.rawValue)",
                notes: ["a packet must pass both, and `iptables -L` shows one of them", count(theirs)],
                fix: "apply with `--backend iptables-\(theirs.rawValue)`, or as nftables"
            )
        ]
    }

    private func count(_ variant: IptablesVariant) -> String {
        let count = others[variant]?.rules.count ?? 0
        let rules = count == 1 ? "1 rule that is" : "\(count) rules that are"
        return "iptables-\(variant.rawValue) has \(rules) not ours"
    }
}

extension MixedIptablesCheck {
    init(reading host: PreflightHost) async {
        backend = host.request.backend
        others = [:]
        for variant in IptablesVariant.allCases {
            others[variant] = SavedRules(await host.saved(by: variant))
        }
    }
}
