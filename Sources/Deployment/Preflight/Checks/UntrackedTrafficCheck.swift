import Compiler
import Diagnostics
import Kernel

/// Rules of others that keep packets out of connection tracking (nft(8), "notrack"; iptables-extensions(8), "CT",
/// "NOTRACK"). A reply to such a packet belongs to no connection, so nothing admits it but a line of its own.
struct UntrackedTrafficCheck: PreflightCheck {
    /// `ip raw PREROUTING: udp dport 53 notrack`
    var rules: [String]
    /// Why they could not be looked for.
    var refusal: ToolError?

    /// Whether a rule of either syntax has the statement or the target; a comment that speaks of it has not.
    static func isUntracking(_ rule: String) -> Bool {
        guard let saved = SavedRule(Substring(rule)) else {
            return QuotedWords.split(rule).contains("notrack")
        }
        return saved.target == "NOTRACK" || (saved.target == "CT" && saved.words.last == "--notrack")
    }

    /// So many rules are shown.
    private static let shown = 5

    var diagnostics: [Diagnostic] {
        var result: [Diagnostic] = []
        if let refusal { result.append(.unread("rules without connection tracking", "\(refusal)")) }
        guard !rules.isEmpty else { return result }
        let more = rules.count > Self.shown ? ["and \(rules.count - Self.shown) more"] : []
        result.append(
            Diagnostic(
                .warning,
                code: "preflight.conntrack.untracked",
                "rules of others keep packets out of connection tracking",
                notes: rules.prefix(Self.shown) + more
                    + ["what is not tracked has no replies: each way needs a line that admits it"],
                fix: "write a line for both directions of that traffic, or take the rules away"
            )
        )
        return result
    }
}

extension UntrackedTrafficCheck {
    init(reading host: PreflightHost) async {
        let listing = await host.nftListing()
        refusal = listing.refusal
        // nft shows the rules of iptables-nft too; without it, or where it cannot print them, the save tool does.
        let native = NftListing(listing.text ?? "").rules.filter { Self.isUntracking($0.text) }
        let chains = Set(native.map { "\($0.table) \($0.chain)".drop { $0 != " " }.dropFirst() })
        rules = native.map { "\($0.table) \($0.chain): \($0.text)" }
        for variant in IptablesVariant.allCases {
            let saved = SavedRules(await host.saved(by: variant)).rules.filter { Self.isUntracking($0.text) }
            rules += saved.filter { variant == .legacy || !chains.contains("\($0.table) \($0.chain)") }
                .map { "iptables-\(variant.rawValue) -t \($0.table) \($0.text)" }
        }
    }
}
