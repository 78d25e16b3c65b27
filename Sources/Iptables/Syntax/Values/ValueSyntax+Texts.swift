import Diagnostics
import PacketModel

extension ValueSyntax {
    /// Text, printed between quotes when it needs them; the kernel keeps the start of a longer one.
    static func text(atLeast least: Int, kept: Int, isOneLine: Bool = false) -> ValueSyntax {
        ValueSyntax(
            samples: [
                "a", "a_b-C9", "\"a b\"", "\"q\\\"'\\\\\"", "\"é$\"", "\"\"",
                String(repeating: "x", count: kept),
                String(repeating: "x", count: kept + 1), String(repeating: "x", count: 2 * kept),
            ],
            read: { words, _ throws(Refusal) in
                let bytes = words[0].bytes
                guard bytes.count >= least else { throw Refusal("value.text.empty", "the text is empty") }
                if isOneLine, bytes.contains(Ascii.newline) {
                    throw Refusal("value.text.lines", "the text has more than one line")
                }
                return .text(Array(bytes.prefix(kept)))
            },
            write: { QuotedText.saved($0.bytes) }
        )
    }

    /// One of these words; those that mean the same are printed as the first of them. Capitals do not count where said.
    static func keyword(_ groups: [[String]], ignoringCase: Bool = false) -> ValueSyntax {
        let all = groups.flatMap(\.self)
        return ValueSyntax(
            samples: all + all.prefix(2).map { $0.uppercased() } + all.prefix(1).map { $0.lowercased() } + [
                "nosuch", "",
            ],
            read: { words, _ throws(Refusal) in
                .keyword(try canonicalKeyword(words[0].text, groups, ignoringCase: ignoringCase))
            },
            write: { $0.bytes }
        )
    }

    static func canonicalKeyword(
        _ text: String,
        _ groups: [[String]],
        ignoringCase: Bool
    ) throws(Refusal) -> String {
        let wanted = ignoringCase ? text.lowercased() : text
        let group = groups.first { group in
            group.contains { (ignoringCase ? $0.lowercased() : $0) == wanted }
        }
        guard let group else {
            throw Refusal(
                "value.unknown",
                "\(text.isEmpty ? "nothing" : text) is none of \(groups.map { $0[0] }.joined(separator: ", "))",
                fix: NearestSpelling.fix(for: text, among: groups.flatMap(\.self))
            )
        }
        return group[0]
    }
}

extension QuotedText {
    /// As iptables-save prints it: bare when it is of letters, digits, `_` and `-`.
    static func saved(_ bytes: [UInt8]) -> [UInt8] {
        if !bytes.isEmpty, bytes.allSatisfy(isPlain) { return bytes }
        var result = [Ascii.quote]
        for byte in bytes {
            if byte == Ascii.quote || byte == Ascii.backslash || byte == UInt8(ascii: "'") {
                result.append(Ascii.backslash)
            }
            result.append(byte)
        }
        return result + [Ascii.quote]
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), Ascii.dash:
            true
        default: false
        }
    }
}

extension ValueSyntax {
    /// The name of an interface, with a `+` at its end for all that begin so.
    static let interface = ValueSyntax(
        samples: ["eth0", "eth+", "+", "012345678901234", "0123456789012345", "\"a b\"", "\"\""],
        read: { words, _ throws(Refusal) in
            guard words[0].bytes.count <= InterfacePattern.longestName else {
                throw Refusal(
                    "rule.interface.long",
                    "the name of an interface has at most \(InterfacePattern.longestName) bytes"
                )
            }
            return .text(words[0].bytes)
        },
        write: { $0.bytes }
    )
}
