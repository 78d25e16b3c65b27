import Diagnostics
import PacketModel

/// `HMARK`: a mark from a hash of what the packet is (iptables-extensions(8)).
enum HMARKTarget: TargetExtension {
    private static let values = ["hmark-sport", "hmark-dport", "hmark-spi"]
    private static let hashed =
        [
            "hmark-src-prefix", "hmark-dst-prefix", "hmark-sport-mask", "hmark-dport-mask", "hmark-spi-mask",
        ] + values + ["hmark-proto-mask", "hmark-tuple"]

    static let syntaxes = [
        ExtensionSyntax(
            "HMARK",
            .target,
            options: [
                OptionSyntax("hmark-src-prefix", prefixLength),
                OptionSyntax("hmark-dst-prefix", prefixLength),
                OptionSyntax("hmark-sport-mask", hex(16)),
                OptionSyntax("hmark-dport-mask", hex(16)),
                OptionSyntax("hmark-spi-mask", hex(32)),
                OptionSyntax("hmark-sport", hex(16)),
                OptionSyntax("hmark-dport", hex(16)),
                OptionSyntax("hmark-spi", hex(32), excludes: ["hmark-sport", "hmark-dport"]),
                OptionSyntax("hmark-proto-mask", .number(0...65_535, as: .hex(width: 2))),
                OptionSyntax("hmark-rnd", hex(32), mandatory: true),
                OptionSyntax("hmark-mod", .number(1...UInt64(UInt32.max)), mandatory: true),
                OptionSyntax("hmark-offset", .number(0...UInt64(UInt32.max))),
                OptionSyntax("hmark-tuple", tuple),
            ],
            oneOf: hashed,
            complete: { instance, context throws(Refusal) in
                try unfoldTuple(&instance, context.family)
                guard instance.has("hmark-spi-mask") else { return }
                for mask in ["hmark-sport-mask", "hmark-dport-mask"] where instance.has(mask) {
                    throw Refusal("target.option.excluded", "--hmark-spi-mask cannot be used with --\(mask)")
                }
            },
            examples: [
                "-j HMARK --hmark-tuple src,dst --hmark-mod 10 --hmark-rnd 0xcafe",
                "-j HMARK --hmark-tuple ct --hmark-mod 10 --hmark-rnd 1",
                "-j HMARK --hmark-src-prefix 8 --hmark-tuple src --hmark-mod 10 --hmark-rnd 1",
            ]
        )
    ]

    private static func hex(_ bits: Int) -> ValueSyntax {
        .number(0...(1 << UInt64(bits) - 1), as: .hex(width: bits / 4))
    }

    /// In the order in which the tool tries them, each with the option that it stands for.
    private static let parts: [(name: String, option: String)] = [
        ("ct", "hmark-tuple"), ("src", "hmark-src-prefix"), ("dst", "hmark-dst-prefix"),
        ("sport", "hmark-sport-mask"), ("dport", "hmark-dport-mask"), ("proto", "hmark-proto-mask"),
        ("spi", "hmark-spi-mask"),
    ]

    /// Words between commas; a beginning will do, capitals do not count.
    private static let tuple = ValueSyntax(
        samples: ["src,dst"] + parts.map(\.name) + [
            "src,dst,sport,dport,proto", "ct,spi", "spi,sport", "s", "SP", "d", "src,", ",src", "src,src",
            "sportx", "x", "",
        ],
        read: { words, _ throws(Refusal) in
            var chosen: UInt64 = 0
            for word in words[0].text.split(separator: ",", omittingEmptySubsequences: false) {
                let wanted = word.lowercased()
                guard !wanted.isEmpty, let place = parts.firstIndex(where: { $0.name.hasPrefix(wanted) })
                else {
                    throw Refusal(
                        "value.unknown",
                        "\(word.isEmpty ? "nothing" : String(word)) is not a part of a packet that HMARK knows",
                        fix: NearestSpelling.fix(forPart: word, among: parts.map(\.name))
                    )
                }
                chosen |= 1 << UInt64(place)
            }
            return .number(chosen)
        },
        // Of the words the kernel gives back this one alone.
        write: { _ in Array("ct".utf8) }
    )

    /// Says the words by the options that they stand for, each of them whole.
    private static func unfoldTuple(_ instance: inout ExtensionInstance, _ family: IPFamily) throws(Refusal) {
        guard let chosen = instance["hmark-tuple"]?.number else { return }
        let order = instance.given.map(\.option)
        let tupleAt = order.firstIndex(of: instance.syntax.place("hmark-tuple")) ?? 0
        if chosen & 1 == 0 { instance.remove("hmark-tuple") }
        for (place, part) in parts.enumerated().dropFirst() where chosen >> UInt64(place) & 1 == 1 {
            if let own = order.firstIndex(of: instance.syntax.place(part.option)), own > tupleAt {
                throw Refusal("command.option.twice", "--hmark-tuple says what --\(part.option) says again")
            }
            let bits: UInt64 = part.name == "spi" ? 32 : 16
            let isAddress = part.name == "src" || part.name == "dst"
            instance.set(part.option, .number(isAddress ? UInt64(family.addressWidth) : 1 << bits - 1))
        }
    }

    /// A length or a mask written out; a mask with holes is the whole address, and the length -1 since 1.8.11.
    private static let prefixLength = ValueSyntax(
        samples: [
            "24", "0", "32", "33", "64", "128", "129", "255.255.0.0", "255.0.255.0", "1.1", "ffff::",
            "ffff:0:ffff::", "x", "",
        ],
        read: { words, context throws(Refusal) in
            let (bytes, width) = (words[0].bytes[...], UInt64(context.family.addressWidth))
            if let length = NumberText.whole(bytes, in: 0...width) { return .number(length) }
            guard let mask = AddressText.resolved(bytes, context.family) else {
                throw Refusal(
                    "address.mask",
                    "\(words[0].text) is neither a length nor a mask of \(context.family.title)"
                )
            }
            let length = AddressText.length(of: mask.value, context.family)
            return .number(length.map { UInt64($0) } ?? (context.release < .v1_8_11 ? width : .max))
        },
        write: { Array("\(Int64(bitPattern: $0.number))".utf8) }
    )
}
