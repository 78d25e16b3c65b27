import PacketModel

/// `CLASSIFY`: the class that a queue takes the packet for (iptables-extensions(8)).
enum ClassifyTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "CLASSIFY",
            .target,
            options: [OptionSyntax("set-class", handle, mandatory: true)],
            hooks: [.forward, .output, .postrouting],
            examples: ["-j CLASSIFY --set-class 1:10"]
        )
    ]

    /// `MAJOR:MINOR` in hex, of 16 bits each; more is cut off, as is what follows.
    private static let handle = ValueSyntax(
        samples: [
            "1:1", "ffff:ffff", "0x1:0xa", "10000:1", "1:10000", "1", "1:", ":1", "x:1", "1:1x", "1:x", "",
        ],
        read: { words, _ throws(Refusal) in
            let parts = words[0].text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let major = number(parts[0], isWhole: true),
                let minor = number(parts[1], isWhole: false)
            else {
                throw Refusal("value.class", "\(words[0].text) is no class", fix: "write it as 1:10, in hex")
            }
            return .range(major, minor)
        },
        write: { value in
            guard case .range(let major, let minor) = value else { return [] }
            return Array("\(text(major)):\(text(minor))".utf8)
        }
    )

    private static func number(_ part: Substring, isWhole: Bool) -> UInt64? {
        let digits = part.hasPrefix("0x") ? part.dropFirst(2) : part
        let hex = digits.prefix(while: \.isHexDigit)
        if isWhole, hex.count != digits.count { return nil }
        return UInt64(hex, radix: 16).map { $0 & 0xFFFF }
    }

    private static func text(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        .aside
    }
}
