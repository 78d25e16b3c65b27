import Diagnostics

/// Rates as `rateest` reads and prints them (measured on 1.8.9); a number may be left out and is 0 then.
enum RateEstimatorText {
    /// Bytes a second, given in bits or bytes.
    static let bytes = ValueSyntax(
        words: 0,
        mayTakeWord: true,
        samples: [
            "1mbit", "", "8", "100", "1.5kbit", "1e3kbit", "2MBPS", "1Gibit", "32gbit", "40gbit",
            "1000000bit",
            "999999bit", "1000004bit", "1KiBps", "1 kbit", "1TBps", "100x", "x", "kbit", ".5mbit", "1.mbit",
            "1e", "0",
            "1500500bit", "2500500bit", "1000500000bit", "4294967295",
        ],
        read: { words, _ throws(Refusal) in
            guard let word = words.first else { return .number(0) }
            guard let rate = rate(word.text) else {
                throw Refusal("value.rate", "\(word.text) is not a rate", fix: "write a rate such as 100kbit")
            }
            return .number(rate)
        },
        write: { value in
            guard case .number(let rate) = value else { return [] }
            return Array(shown(bits: rate * 8).utf8)
        }
    )

    static let packets = ValueSyntax(
        words: 0,
        mayTakeWord: true,
        samples: ["100", "", "0", "4294967295", "4294967296", "0x10", "5x", "x"],
        read: { words, _ throws(Refusal) in
            guard let word = words.first else { return .number(0) }
            guard let rate = NumberText.whole(word.bytes[...], in: 0...UInt64(UInt32.max)) else {
                throw Refusal("value.rate", "\(word.text) is not a number of packets a second")
            }
            return .number(rate)
        },
        write: { value in
            guard case .number(let rate) = value else { return [] }
            return Array("\(rate)".utf8)
        }
    )

    private static let multiples: [String: Double] = [
        "": 1, "k": 1e3, "ki": 1_024, "m": 1e6, "mi": 1_048_576, "g": 1e9, "gi": 1_073_741_824, "t": 1e12,
        "ti": 1_099_511_627_776,
    ]

    /// In bits; capitals do not count.
    private static func bits(of unit: Substring) -> Double? {
        let name = unit.lowercased()
        let isBytes = name.hasSuffix("bps")
        guard isBytes || name.hasSuffix("bit"), let multiple = multiples[String(name.dropLast(3))] else {
            return nil
        }
        return isBytes ? multiple * 8 : multiple
    }

    /// In bytes, of which the kernel keeps 32 bits.
    private static func rate(_ text: String) -> UInt64? {
        guard let (number, rest) = decimal(text[...]) else { return nil }
        let bits = rest.isEmpty ? 1 : bits(of: rest)
        guard let bits, let bytes = UInt64(exactly: (number * bits / 8).rounded(.towardZero)) else {
            return nil
        }
        return bytes & UInt64(UInt32.max)
    }

    /// The longest beginning that is a number, as strtod(3) finds it.
    private static func decimal(_ text: Substring) -> (Double, Substring)? {
        let text = text.drop { $0.isWhitespace }
        func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
        var rest = text.first == "+" ? text.dropFirst() : text
        let whole = rest.prefix(while: isDigit)
        rest = rest.dropFirst(whole.count)
        var part: Substring = ""
        if rest.first == "." {
            part = rest.dropFirst().prefix(while: isDigit)
            if !whole.isEmpty || !part.isEmpty { rest = rest.dropFirst(1 + part.count) }
        }
        guard !whole.isEmpty || !part.isEmpty else { return nil }
        var exponent = ""
        if rest.first?.lowercased() == "e" {
            let after = rest.dropFirst()
            let sign = after.first == "-" || after.first == "+" ? String(after.prefix(1)) : ""
            let digits = after.dropFirst(sign.count).prefix(while: isDigit)
            if !digits.isEmpty {
                exponent = "e" + sign + digits
                rest = after.dropFirst(sign.count + digits.count)
            }
        }
        return Double("0\(whole).\(part)0\(exponent)").map { ($0, rest) }
    }

    /// In the largest unit of which there are a thousand of the one below; halves are rounded to even as printf(3) does.
    private static func shown(bits: UInt64) -> String {
        let (unit, name): (UInt64, String) =
            bits >= 1_000_000_000 ? (1_000_000, "Mbit") : bits >= 1_000_000 ? (1_000, "Kbit") : (1, "bit")
        let (whole, rest) = bits.quotientAndRemainder(dividingBy: unit)
        let isUp = rest * 2 > unit || (rest * 2 == unit && whole % 2 == 1)
        return "\(whole + (isUp ? 1 : 0))\(name)"
    }
}
