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
            complete: { instance, _ throws(Refusal) in
                instance.removeWhole("fragid", to: UInt64(UInt32.max))
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
    /// The tool does not print a range of everything, not even its negation.
    mutating func removeWhole(_ name: String, to highest: UInt64) {
        if self[name] == .range(0, highest) { remove(name) }
    }
}
