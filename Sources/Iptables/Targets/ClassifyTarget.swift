import Diagnostics
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
            "1:1", "ffff:ffff", "0x1:0xa", "10000:1", "1:10000", "1", "1:", ":1", "x:1", "1:1x", "1:x",
            "1:-1", "-1:1", "+1:0x",
            "0x:1", "\"1: 1\"", "\"1 :1\"", "1:-", "11111111111111111:1", "",
        ],
        read: { words, _ throws(Refusal) in
            guard let (major, rest) = scan(words[0].bytes[...]), rest.first == Ascii.colon,
                let (minor, _) = scan(rest.dropFirst())
            else {
                throw Refusal(
                    "value.class",
                    "\(words[0].text) is not a class",
                    fix: "write it as 1:10, in hex"
                )
            }
            return .range(major & 0xFFFF, minor & 0xFFFF)
        },
        write: { value in
            guard case .range(let major, let minor) = value else { return [] }
            return Array("\(text(major)):\(text(minor))".utf8)
        }
    )

    /// The number at the start, as `%x` of sscanf(3) reads it, and what follows.
    private static func scan(_ bytes: ArraySlice<UInt8>) -> (value: UInt64, rest: ArraySlice<UInt8>)? {
        var rest = bytes.drop(while: Ascii.isSpace)
        let isNegative = rest.first == Ascii.dash
        if isNegative || rest.first == Ascii.plus { rest = rest.dropFirst() }
        let hasBase = rest.starts(with: "0x".utf8) || rest.starts(with: "0X".utf8)
        if hasBase { rest = rest.dropFirst(2) }
        let digits = rest.prefix { Character(Unicode.Scalar($0)).isHexDigit }
        guard hasBase || !digits.isEmpty else { return nil }
        let number = UInt64(String(decoding: digits, as: UTF8.self), radix: 16)
        let value = number ?? (digits.isEmpty ? 0 : .max)
        return (isNegative ? 0 &- value : value, rest.dropFirst(digits.count))
    }

    private static func text(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        .aside
    }
}
