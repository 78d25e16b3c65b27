import Netfilter
import PacketModel

/// `rpfilter`: an answer would leave by the interface that the packet came by (iptables-extensions(8)).
enum RpfilterMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "rpfilter",
            .match,
            options: ["loose", "validmark", "accept-local", "invert"].map { OptionSyntax($0, .flag) },
            tables: [.mangle, .raw],
            hooks: [.prerouting],
            examples: ["-m rpfilter --invert", "-m rpfilter --loose --validmark"]
        )
    ]
    static func alternatives(of test: Test, in context: RuleContext) throws(Inexpressible) -> [[MatchText]]? {
        guard case .field(.sourceRoute, let values) = test.condition, values.contains(0) != test.isNegated
        else { return nil }
        return [[MatchText("rpfilter", "--invert")]]
    }
}
