/// `string`: bytes anywhere in the packet (iptables-extensions(8)).
enum StringMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "string",
            .match,
            options: [
                OptionSyntax("string", text, invertible: true, excludes: ["hex-string"]),
                OptionSyntax("hex-string", hex, invertible: true, excludes: ["string"]),
                OptionSyntax("algo", .keyword([["bm"], ["kmp"]]), mandatory: true),
                OptionSyntax("from", .number(0...65_535)),
                OptionSyntax("to", .number(0...65_535)),
                OptionSyntax("icase", .flag),
            ],
            oneOf: ["string", "hex-string"],
            complete: { instance, _ throws(Refusal) in
                let (from, to) = (instance["from"]?.number ?? 0, instance["to"]?.number ?? 65_535)
                guard from <= to else { throw Refusal("value.range", "--from lies behind --to") }
                instance.remove("from", ifEqual: .number(0))
                instance.remove("to", ifEqual: .number(65_535))
                let pattern = (instance["string"] ?? instance["hex-string"])?.bytes ?? []
                guard !pattern.isEmpty else { throw Refusal("value.text.empty", "the pattern is empty") }
                // Printed as text or in hex by what it holds, however it was given.
                if pattern.allSatisfy(isPrintable), pattern.last != Ascii.backslash {
                    instance.rename("hex-string", to: "string")
                } else {
                    instance.rename("string", to: "hex-string")
                }
            },
            examples: [
                "-m string --string \"GET /\" --algo bm",
                "-m string --hex-string \"|0d0a|\" --algo kmp --to 64",
            ]
        )
    ]

    private static let longest = 128

    private static func isPrintable(_ byte: UInt8) -> Bool { (0x20...0x7E).contains(byte) }

    private static func checkLength(_ bytes: [UInt8]) throws(Refusal) -> OptionValue {
        guard bytes.count <= longest else {
            throw Refusal("value.text.length", "the pattern is longer than \(longest) bytes")
        }
        return .text(bytes)
    }

    private static let text = ValueSyntax(
        samples: [
            "abc", "\"a b\"", "\"q\\\"'\"", "\"b\\\\s\"", "é", "\"|00|\"",
            String(repeating: "x", count: longest),
            String(repeating: "x", count: longest + 1), "\"\"",
        ],
        read: { words, _ throws(Refusal) in
            try checkLength(words[0].bytes)
        },
        write: { value in
            let escaped = value.bytes.flatMap { byte in
                byte == Ascii.quote || byte == Ascii.backslash ? [Ascii.backslash, byte] : [byte]
            }
            return [Ascii.quote] + escaped + [Ascii.quote]
        }
    )

    /// Text with bytes in hex between bars; a backslash takes the next byte as it is.
    private static let hex = ValueSyntax(
        samples: [
            "\"|0d0a|\"", "\"ab|0a|c\"", "abc", "\"|0a 0b|\"", "\"|0A|\"", "\"|0a\"", "\"|0|\"", "\"|zz|\"",
            "\"||\"",
            "\"a\\\\|b\"", "\"|22|\"", "\"|5c|\"", "\"|7c|\"", "\"|00|\"", "\"\"", "\"a\\\\\"",
        ],
        read: { words, _ throws(Refusal) in try decode(words[0]) },
        write: { value in
            let digits = value.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            return Array("\"|\(digits)|\"".utf8)
        }
    )

    private static func decode(_ word: Word) throws(Refusal) -> OptionValue {
        var result: [UInt8] = []
        var rest = word.bytes[...]
        while let byte = rest.popFirst() {
            if byte == Ascii.backslash {
                guard let next = rest.popFirst() else {
                    throw Refusal("value.hex", "nothing follows the backslash")
                }
                result.append(next)
            } else if byte == Ascii.bar {
                guard let end = rest.firstIndex(of: Ascii.bar) else {
                    throw Refusal("value.hex", "the bar has no other: hex stands between two")
                }
                let digits = rest[..<end].filter { $0 != Ascii.space }
                guard !digits.isEmpty, digits.count % 2 == 0 else {
                    throw Refusal("value.hex", "a byte in hex has two digits")
                }
                for start in stride(from: 0, to: digits.count, by: 2) {
                    let pair = String(decoding: digits[start...(start + 1)], as: UTF8.self)
                    guard pair.allSatisfy(\.isHexDigit), let value = UInt8(pair, radix: 16) else {
                        throw Refusal("value.hex", "\(pair) is no byte in hex")
                    }
                    result.append(value)
                }
                rest = rest[(end + 1)...]
            } else {
                result.append(byte)
            }
        }
        return try checkLength(result)
    }
}
