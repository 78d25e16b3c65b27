import Diagnostics

extension ValueSyntax {
    /// Words between commas, printed in the order of the names; a beginning of a name will do, capitals do not count.
    ///
    /// - Parameter nothing: the name for none of them, where there is one.
    static func nameList(_ names: [String], nothing: String? = nil) -> ValueSyntax {
        let all = (nothing.map { [$0] } ?? []) + names
        let lowercased = all.map { $0.lowercased() }
        return ValueSyntax(
            samples: all
                + [
                    names.joined(separator: ","), names.reversed().joined(separator: ","),
                    names[0].lowercased(),
                    String(names[1].prefix(1)), names[0] + ",", "," + names[0], names[0] + "X", "nosuch",
                    "\"\"",
                    names[0] + "," + names[0],
                ],
            read: { words, _ throws(Refusal) in
                var bits: UInt64 = 0
                for part in words[0].text.split(separator: ",", omittingEmptySubsequences: false) {
                    let wanted = part.lowercased()
                    guard !wanted.isEmpty, let found = lowercased.firstIndex(where: { $0.hasPrefix(wanted) })
                    else {
                        throw Refusal(
                            "value.unknown",
                            "\(part.isEmpty ? "nothing" : String(part)) is none of \(all.joined(separator: ", "))",
                            fix: NearestSpelling.fix(forPart: part, among: all)
                        )
                    }
                    if let place = names.firstIndex(of: all[found]) { bits |= 1 << UInt64(place) }
                }
                return .number(bits)
            },
            write: { value in
                let chosen = names.chosen(by: value.number)
                return Array((chosen.isEmpty ? nothing ?? "" : chosen.joined(separator: ",")).utf8)
            }
        )
    }

    /// Names between commas, each in full, printed in their order.
    ///
    /// - Parameter isLoose: capitals do not count, nor do commas with nothing between them.
    static func bitNames(_ names: [String], isLoose: Bool = false, samples: [String]) -> ValueSyntax {
        ValueSyntax(
            samples: names + [names.joined(separator: ",")] + samples,
            read: { words, _ throws(Refusal) in
                var bits: UInt64 = 0
                for part in words[0].text.split(separator: ",", omittingEmptySubsequences: isLoose) {
                    guard let place = names.firstIndex(of: isLoose ? part.uppercased() : String(part)) else {
                        throw Refusal(
                            "value.unknown",
                            "\(part) is none of \(names.joined(separator: ", "))",
                            fix: NearestSpelling.fix(forPart: part, among: names)
                        )
                    }
                    bits |= 1 << UInt64(place)
                }
                return .number(bits)
            },
            write: { Array(names.chosen(by: $0.number).joined(separator: ",").utf8) }
        )
    }
}

extension Array {
    /// Those at the places of the bits that are set.
    func chosen(by bits: UInt64) -> [Element] {
        enumerated().filter { bits >> UInt64($0.offset) & 1 == 1 }.map(\.element)
    }
}
