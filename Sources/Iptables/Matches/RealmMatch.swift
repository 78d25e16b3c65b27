import PacketModel

/// `realm` and `devgroup`: numbers of routes and of interfaces that a file of the host names (iptables-extensions(8)).
enum RealmMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "realm",
            .match,
            families: [.ipv4],
            options: [
                OptionSyntax(
                    "realm",
                    .numberOrName(["cosmos", "cosmos/1"], \.realms),
                    mandatory: true,
                    invertible: true
                )
            ],
            hooks: [.input, .forward, .output, .postrouting],
            examples: ["-m realm --realm 5", "-m realm ! --realm 0x10/0xf0"]
        ),
        ExtensionSyntax(
            "devgroup",
            .match,
            options: [
                OptionSyntax("src-group", group, invertible: true),
                OptionSyntax("dst-group", group, invertible: true),
            ],
            oneOf: ["src-group", "dst-group"],
            complete: { instance, context throws(Refusal) in
                // devgroup_mt_checkentry of the kernel.
                switch context.hook {
                case .prerouting, .input:
                    guard instance.has("dst-group") else { return }
                    throw Refusal("match.hook", "packets of \(context.chain) leave by no interface yet")
                case .output, .postrouting:
                    guard instance.has("src-group") else { return }
                    throw Refusal("match.hook", "packets of \(context.chain) come from no interface")
                case .forward, nil: return
                }
            },
            examples: [
                "-m devgroup --src-group 7", "-m devgroup ! --dst-group 0x10/0xf0",
                "-m devgroup --src-group default --dst-group 1",
            ]
        ),
    ]

    private static let group = ValueSyntax.numberOrName(["default", "default/1"], \.deviceGroups)
}

extension ValueSyntax {
    /// A number with an optional mask, or a name that stands for one; printed by its name when there is no mask.
    fileprivate static func numberOrName(
        _ names: [String],
        _ file: @escaping @Sendable (NameDatabase) -> NumberNames
    ) -> ValueSyntax {
        ValueSyntax(
            samples: [
                "5", "0", "0x10/0xff", "0/0", "1/4294967295", "4294967295", "4294967296", "5/", "5/x", "5x",
            ]
                + names + ["nosuch", "-1", ""],
            read: { words, context throws(Refusal) in
                let names = file(context.names)
                let (bytes, highest) = (words[0].bytes[...], UInt64(UInt32.max))
                var (number, mask): (UInt64?, UInt64) = (nil, highest)
                if let (value, rest) = NumberText.prefix(bytes), value <= highest {
                    if rest.isEmpty { number = value }
                    if rest.first == Ascii.slash {
                        number = value
                        guard let written = NumberText.whole(rest.dropFirst(), in: 0...highest) else {
                            throw Refusal(
                                "value.mask",
                                "the mask of \(words[0].text) is not a number of 32 bits"
                            )
                        }
                        mask = written
                    }
                }
                guard let number = number ?? names.number(of: words[0].text) else {
                    throw Refusal(
                        "value.number",
                        "\(words[0].text) is neither a number of 32 bits nor a name of this host"
                    )
                }
                let shown =
                    mask == highest
                    ? names.name(of: number) ?? NumberText.hex(number)
                    : "\(NumberText.hex(number))/\(NumberText.hex(mask))"
                return .list([.masked(number, mask: mask), .keyword(shown)])
            },
            write: { $0.items.last?.bytes ?? [] }
        )
    }
}
