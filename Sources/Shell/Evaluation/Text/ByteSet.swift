/// What stands between brackets in patterns of a shell and in regular expressions: `[a-z_[:digit:]]`.
enum ByteSet {
    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    private static let upper = UInt8(ascii: "A")...UInt8(ascii: "Z")
    private static let lower = UInt8(ascii: "a")...UInt8(ascii: "z")

    static let classes: [(name: String, ranges: [ClosedRange<UInt8>])] = [
        ("[:digit:]", [digits]), ("[:upper:]", [upper]), ("[:lower:]", [lower]),
        ("[:alpha:]", [upper, lower]),
        ("[:alnum:]", [digits, upper, lower]), ("[:space:]", [9...13, 32...32]),
        ("[:blank:]", [9...9, 32...32]),
        (
            "[:xdigit:]",
            [digits, UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "a")...UInt8(ascii: "f")]
        ),
        ("[:punct:]", [33...47, 58...64, 91...96, 123...126]), ("[:cntrl:]", [0...31, 127...127]),
        ("[:print:]", [32...126]), ("[:graph:]", [33...126]),
    ]

    /// The set whose text begins at a place, behind the bracket, and the place behind it; nil when nothing closes it.
    static func read(_ bytes: [UInt8], _ start: Int, negation: [UInt8]) -> (
        ranges: [ClosedRange<UInt8>], isNegated: Bool, next: Int
    )? {
        var place = start
        let isNegated = place < bytes.count && negation.contains(bytes[place])
        if isNegated { place += 1 }
        var ranges: [ClosedRange<UInt8>] = []
        let first = place
        while place < bytes.count, place == first || bytes[place] != UInt8(ascii: "]") {
            if let (found, next) = namedClass(bytes, place) {
                ranges += found
                place = next
                continue
            }
            let low = bytes[place]
            if place + 2 < bytes.count, bytes[place + 1] == UInt8(ascii: "-"),
                bytes[place + 2] != UInt8(ascii: "]")
            {
                if low <= bytes[place + 2] { ranges.append(low...bytes[place + 2]) }
                place += 3
            } else {
                ranges.append(low...low)
                place += 1
            }
        }
        guard place < bytes.count else { return nil }
        return (ranges, isNegated, place + 1)
    }

    private static func namedClass(_ bytes: [UInt8], _ place: Int) -> ([ClosedRange<UInt8>], Int)? {
        for (name, ranges) in classes where bytes[place...].starts(with: name.utf8) {
            return (ranges, place + name.utf8.count)
        }
        return nil
    }
}
