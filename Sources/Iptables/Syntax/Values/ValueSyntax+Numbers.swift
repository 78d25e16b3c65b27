import Diagnostics
import PacketModel

extension ValueSyntax {
    enum NumberFormat: Sendable {
        case decimal
        /// With at least so many digits.
        case hex(width: Int)

        func text(_ value: UInt64) -> String {
            switch self {
            case .decimal: String(value)
            case .hex(let width): NumberText.hex(value, width: width)
            }
        }
    }

    /// A number in any base.
    static func number(_ range: ClosedRange<UInt64>, as format: NumberFormat = .decimal) -> ValueSyntax {
        let (low, high) = (range.lowerBound, range.upperBound)
        return ValueSyntax(
            samples: ["\(low)", "\(high)", "0x1", "017", "+5", "\(high)0", "5x", "-1", "x", ""]
                + (low > 0 ? ["\(low - 1)"] : []),
            read: { words, _ throws(Refusal) in
                guard let value = NumberText.whole(words[0].bytes[...], in: range) else {
                    throw Refusal("value.number", "\(words[0].text) is not a number from \(low) to \(high)")
                }
                return .number(value)
            },
            write: { value in Array(format.text(value.number).utf8) }
        )
    }

    /// `5`, `5:9`, `:9` or `5:`; one number is a range of one. No range can be backwards since 1.8.11.
    static func looseRange(
        to highest: UInt64,
        takesServices: Bool = false,
        mayBeBackwards: Bool = true
    ) -> ValueSyntax {
        ValueSyntax(
            samples: [
                "0", "5", "\(highest)", "5:9", "9:5", ":9", "5:", ":", "0:\(highest)", "5:5", "\(highest)0",
                "1:2:3", "x", "ssh", "",
            ],
            read: { words, context throws(Refusal) in
                let parts = words[0].bytes.split(separator: Ascii.colon, omittingEmptySubsequences: false)
                guard parts.count <= 2 else { throw Refusal("value.range", "a range has two ends") }
                var ends: [UInt64] = []
                for (place, part) in parts.enumerated() {
                    if part.isEmpty {
                        ends.append(place == 0 ? 0 : highest)
                    } else if takesServices {
                        ends.append(try PortText.resolved(part, context))
                    } else if let end = NumberText.whole(part, in: 0...highest) {
                        ends.append(end)
                    } else {
                        throw Refusal("value.number", "\(words[0].text) has no numbers from 0 to \(highest)")
                    }
                }
                let (low, high) = (ends[0], ends[ends.count - 1])
                guard low <= high || mayBeBackwards && context.release < .v1_8_11 else {
                    throw Refusal("value.range", "the range is backwards", fix: .write("\(high):\(low)"))
                }
                return .range(low, high)
            },
            write: { value in
                guard case .range(let low, let high) = value else { return [] }
                return Array((low == high ? "\(low)" : "\(low):\(high)").utf8)
            }
        )
    }

    /// `VALUE[/MASK]` of 32 bits; the mask is all ones when it is not said, and not printed then.
    static let mark = masked(to: UInt64(UInt32.max), alwaysMask: false)

    static func masked(to highest: UInt64, alwaysMask: Bool, width: Int = 0) -> ValueSyntax {
        ValueSyntax(
            samples: [
                "0", "1", "0x10/0xf", "5/0", "\(highest)", "\(highest + 1)", "1/\(highest + 1)", "1/", "/1",
                "x", "1/2/3", "",
            ],
            read: { words, _ throws(Refusal) in
                let bytes = words[0].bytes[...]
                guard let (value, rest) = NumberText.prefix(bytes), value <= highest else {
                    throw Refusal("value.number", "\(words[0].text) is not a number from 0 to \(highest)")
                }
                guard rest.first == Ascii.slash else {
                    guard rest.isEmpty else {
                        throw Refusal("value.number", "\(words[0].text) is not a number")
                    }
                    return .masked(value, mask: highest)
                }
                guard let mask = NumberText.whole(rest.dropFirst(), in: 0...highest) else {
                    throw Refusal(
                        "value.mask",
                        "the mask of \(words[0].text) is not a number from 0 to \(highest)"
                    )
                }
                return .masked(value, mask: mask)
            },
            write: { value in
                guard case .masked(let number, let mask) = value else { return [] }
                let isWhole = mask == highest && !alwaysMask
                let digits = NumberText.hex(number, width: width)
                return Array((isWhole ? digits : "\(digits)/\(NumberText.hex(mask, width: width))").utf8)
            }
        )
    }
}

extension OptionValue {
    /// Nil when it is no number and no range.
    var interval: Interval<UInt128>? {
        switch self {
        case .number(let number): Interval(UInt128(number))
        case .range(let low, let high): Interval(UInt128(low), UInt128(high))
        default: nil
        }
    }

    /// Zero when it is no number.
    var number: UInt64 {
        if case .number(let value) = self { value } else { 0 }
    }

    var bytes: [UInt8] {
        if case .text(let bytes) = self { bytes } else { [] }
    }

    var items: [OptionValue] {
        if case .list(let items) = self { items } else { [] }
    }
}
