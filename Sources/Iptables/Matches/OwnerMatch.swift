import Diagnostics
import PacketModel

/// `owner`: the user of the sending socket, or a range of users (iptables-extensions(8)).
enum OwnerMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "owner",
            .match,
            options: [
                OptionSyntax("socket-exists", .flag, invertible: true),
                OptionSyntax("uid-owner", identifiers(["root"]) { $0.user($1) }, invertible: true),
                OptionSyntax("gid-owner", identifiers(["root", "adm"]) { $0.group($1) }, invertible: true),
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

    /// A number, a range, or a name of this host.
    private static func identifiers(
        _ names: [String],
        _ find: @escaping @Sendable (NameDatabase, String) -> UInt32?
    ) -> ValueSyntax {
        ValueSyntax(
            samples: [
                "0", "5-9", "5-5", "5:9", "root-5", "0x5-9", "4294967294", "4294967295", "9-5", "5-", "-5",
                "1-2-3", "nosuch",
                "",
            ] + names,
            read: { words, context throws(Refusal) in
                let highest = UInt64(UInt32.max) - 1
                let shown = words[0].text
                if let number = find(context.names, shown) { return .range(UInt64(number), UInt64(number)) }
                guard let (low, rest) = NumberText.prefix(words[0].bytes[...]), low <= highest else {
                    throw Refusal("value.identifier", "\(shown) is neither a number nor a name of this host")
                }
                if rest.isEmpty { return .range(low, low) }
                guard rest.first == Ascii.dash || rest.first == Ascii.colon,
                    let high = NumberText.whole(rest.dropFirst(), in: 0...highest)
                else {
                    throw Refusal("value.identifier", "\(shown) is not a range of numbers")
                }
                guard low <= high else {
                    throw Refusal("value.range", "the range is backwards", fix: .write("\(high)-\(low)"))
                }
                return .range(low, high)
            },
            write: { value in
                guard case .range(let low, let high) = value else { return [] }
                return Array((low == high ? "\(low)" : "\(low)-\(high)").utf8)
            }
        )
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
