import PacketModel

/// `owner`: the user of the sending socket, or a range of users (iptables-extensions(8)).
enum OwnerMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "owner",
            .match,
            options: [
                OptionSyntax("socket-exists", .flag, invertible: true),
                OptionSyntax("uid-owner", identifiers(\.users), invertible: true),
                OptionSyntax("gid-owner", identifiers(\.groups), invertible: true),
                OptionSyntax("suppl-groups", .flag, requires: ["gid-owner"]),
            ],
            hooks: [.output, .postrouting],
            oneOf: ["uid-owner", "gid-owner", "socket-exists"],
            complete: { instance, _ throws(Refusal) in
                let order = instance.given.map { instance.syntax.options[$0.option].name }
                if let first = order.firstIndex(of: "suppl-groups"), !order[..<first].contains("gid-owner") {
                    throw Refusal("match.option.order", "--suppl-groups comes after --gid-owner")
                }
            },
            examples: ["-m owner --uid-owner 1000", "-m owner ! --gid-owner 100-200"]
        )
    ]

    /// A name of this host, a number or a range.
    private static func identifiers(
        _ file: @escaping @Sendable (NameDatabase) -> NumberNames
    ) -> ValueSyntax {
        ValueSyntax(
            samples: [
                "0", "5-9", "5-5", "5:9", "0x5-9", "4294967294", "4294967295", "9-5", "5-", "-5", "1-2-3",
                "root",
                "root-5", "nosuch", "",
            ],
            read: { words, context throws(Refusal) in
                if let number = file(context.names).number(of: words[0].text) {
                    return .range(number, number)
                }
                return try range(words[0])
            },
            write: { value in
                guard case .range(let low, let high) = value else { return [] }
                return Array((low == high ? "\(low)" : "\(low)-\(high)").utf8)
            }
        )
    }

    private static func range(_ word: Word) throws(Refusal) -> OptionValue {
        let highest = UInt64(UInt32.max) - 1
        guard let (low, rest) = NumberText.prefix(word.bytes[...]), low <= highest else {
            throw Refusal("value.identifier", "\(word.text) is no number and no name of this host")
        }
        if rest.isEmpty { return .range(low, low) }
        guard rest.first == Ascii.dash || rest.first == Ascii.colon,
            let high = NumberText.whole(rest.dropFirst(), in: 0...highest)
        else {
            throw Refusal("value.identifier", "\(word.text) is no range of numbers")
        }
        guard low <= high else {
            throw Refusal("value.range", "the range is backwards", fix: "write \(high)-\(low)")
        }
        return .range(low, high)
    }

    static func alternatives(of test: Test, in context: RuleContext) -> [[MatchText]]? {
        guard case .field(.user, let users) = test.condition else { return nil }
        return test.either(
            users.intervals.map { interval in
                let text = interval.isSingle ? "\(interval.lower)" : "\(interval.lower)-\(interval.upper)"
                return MatchText("owner", "--uid-owner", text)
            }
        )
    }

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        let options = instance.given.map { instance.syntax.options[$0.option].name }
        guard !options.contains("suppl-groups") else { return nil }
        let conditions = instance.conditions { option, value in
            switch option {
            case "uid-owner": value.condition(.user)
            case "gid-owner": value.condition(.group)
            default: .not(.absent(.user))
            }
        }
        // Without a socket the match holds when everything in it is negated (net/netfilter/xt_owner.c, owner_mt).
        guard instance.given.allSatisfy(\.isNegated) else { return conditions }
        return conditions?.map { .anyOf([.absent(.user), $0]) }
    }
}
