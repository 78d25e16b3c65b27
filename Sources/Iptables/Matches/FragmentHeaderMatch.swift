import PacketModel

/// `frag`: the fragment header of IPv6 (iptables-extensions(8)).
enum FragmentHeaderMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "frag",
            .match,
            families: [.ipv6],
            options: [
                OptionSyntax("fragid", .looseRange(to: UInt64(UInt32.max)), invertible: true),
                OptionSyntax("fraglen", .number(0...UInt64(UInt32.max)), invertible: true),
                OptionSyntax("fragres", .flag),
                OptionSyntax("fragfirst", .flag),
                OptionSyntax("fragmore", .flag, excludes: ["fraglast"]),
                OptionSyntax("fraglast", .flag, excludes: ["fragmore"]),
            ],
            complete: { instance, context throws(Refusal) in
                instance.removeWhole("fragid", to: UInt64(UInt32.max), context.release)
            },
            examples: ["-m frag --fragfirst --fragmore", "-m frag --fragid 1:5"]
        )
    ]

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        let first = FragmentPart.first.rawValue
        let isFragment = Condition.not(.field(.fragment, is: FragmentPart.whole.rawValue))
        return instance.conditions { option, _ in option == "fragfirst" ? .field(.fragment, is: first) : nil }
            .map { [isFragment] + $0 }
    }
}

extension ExtensionInstance {
    /// The tool does not print a range of everything, before 1.8.11 not even its negation.
    mutating func removeWhole(_ name: String, to highest: UInt64, _ release: IptablesRelease) {
        guard self[name] == .range(0, highest) else { return }
        if release < .v1_8_11 || !isNegated(name) { remove(name) }
    }
}
