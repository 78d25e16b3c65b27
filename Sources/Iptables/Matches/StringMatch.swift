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

    /// Reads as the tool does: what follows a closing bar is text, even another bar, and a bar that ends the text says
    /// nothing.
    private static func decode(_ word: Word) throws(Refusal) -> OptionValue {
        let bytes = word.bytes
        var result: [UInt8] = []
        var (place, isHex) = (0, false)
        while place < bytes.count {
            if bytes[place] == Ascii.backslash {
                guard !isHex, place + 1 < bytes.count else {
                    throw Refusal("value.hex", "a backslash stands before a byte of text")
                }
                result.append(bytes[place + 1])
                place += 2
                continue
            }
            if bytes[place] == Ascii.bar {
                isHex.toggle()
                if isHex { while place + 1 < bytes.count, bytes[place + 1] == Ascii.space { place += 1 } }
                place += 1
                guard place < bytes.count else { break }
            }
            if isHex {
                result.append(try hexByte(bytes[place...]))
                place += bytes[place + 2] == Ascii.space ? 3 : 2
            } else {
                result.append(bytes[place])
                place += 1
            }
        }
        return try checkLength(result)
    }

    /// Two digits, after which something must come: the next two, or the bar.
    private static func hexByte(_ bytes: ArraySlice<UInt8>) throws(Refusal) -> UInt8 {
        let pair = String(decoding: bytes.prefix(2), as: UTF8.self)
        guard bytes.count > 2, pair.allSatisfy(\.isHexDigit), let value = UInt8(pair, radix: 16) else {
            throw Refusal("value.hex", "\(pair) is not a byte in hex: two digits, and a bar after the last")
        }
        return value
    }
}
