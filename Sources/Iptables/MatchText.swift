/// One option of a match as iptables takes it: `-s 192.0.2.0/24`, `-m tcp ! --dport 22`.
package struct MatchText: Hashable, Sendable {
    /// The extension that must be loaded for the option; nil for those that iptables has by itself.
    package var module: String?
    package var option: String
    package var arguments: [String]
    package var isNegated: Bool
    /// The extension takes one option at a time, so several load it several times.
    package var standsAlone = false

    package init(_ module: String? = nil, _ option: String, _ arguments: String..., negated: Bool = false) {
        self.module = module
        self.option = option
        self.arguments = arguments
        isNegated = negated
    }

    var words: [String] {
        (isNegated ? ["!", option] : [option]) + arguments
    }

    /// The words of several options that must all hold, in the order that iptables-save writes them.
    ///
    /// Options of one extension share its `-m` as long as none is there twice: the second would replace the
    /// first.
    static func words(of texts: [MatchText]) -> [String] {
        var groups: [(module: String?, options: [MatchText])] = []
        for text in texts.filter({ $0.module == nil }).sorted(by: { $0.builtInRank < $1.builtInRank }) {
            groups.append((nil, [text]))
        }
        for text in texts where text.module != nil {
            let place = groups.lastIndex { $0.module == text.module }
            if let place, !text.standsAlone,
                !groups[place].options.contains(where: { $0.option == text.option })
            {
                groups[place].options.append(text)
            } else {
                groups.append((text.module, [text]))
            }
        }
        return groups.flatMap { group in
            (group.module.map { ["-m", $0] } ?? []) + group.options.flatMap(\.words)
        }
    }

    private var builtInRank: Int {
        ["-s", "-d", "-i", "-o", "-p"].firstIndex(of: option) ?? 5
    }
}
