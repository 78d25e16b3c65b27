/// What follows a backslash in `$'…'`, `printf` and `echo -e`.
enum EscapeSequences {
    /// The bytes for a sequence whose first byte after the backslash is already read.
    static func ansi(_ bytes: [UInt8], after first: UInt8, at place: inout Int, end: Int) -> [UInt8] {
        switch first {
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "a"): return [7]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "e"), UInt8(ascii: "E"): return [27]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "v"): return [11]
        case UInt8(ascii: "x"):
            var value = 0
            let start = place
            while place < end, place < start + 2, let digit = digit(bytes[place], base: 16) {
                value = value * 16 + digit
                place += 1
            }
            return place == start ? [UInt8(ascii: "\\"), first] : [UInt8(truncatingIfNeeded: value)]
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            var value = Int(first - UInt8(ascii: "0"))
            let start = place
            while place < end, place < start + 2, let digit = digit(bytes[place], base: 8) {
                value = value * 8 + digit
                place += 1
            }
            return [UInt8(truncatingIfNeeded: value)]
        case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "?"): return [first]
        default: return [UInt8(ascii: "\\"), first]
        }
    }

    /// The text with every sequence put in its place.
    static func expanded(_ text: ShellText) -> ShellText {
        var result = ShellText()
        var run: [UInt8] = []
        func flush() {
            var place = 0
            while place < run.count {
                let byte = run[place]
                place += 1
                guard byte == UInt8(ascii: "\\"), place < run.count else {
                    result.append(byte)
                    continue
                }
                let first = run[place]
                place += 1
                // `\0NNN` has one more digit.
                if first == UInt8(ascii: "0"), place < run.count, let digit = digit(run[place], base: 8) {
                    place += 1
                    result.append(
                        ansi(run, after: UInt8(digit) + UInt8(ascii: "0"), at: &place, end: run.count)
                    )
                } else {
                    result.append(ansi(run, after: first, at: &place, end: run.count))
                }
            }
            run = []
        }
        text.forEachPiece { byte, unknown in
            if let byte { run.append(byte) }
            if let unknown {
                flush()
                result.append(unknown)
            }
        }
        flush()
        return result
    }

    static func digit(_ byte: UInt8, base: Int) -> Int? {
        let value: Int
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): value = Int(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = Int(byte - UInt8(ascii: "A")) + 10
        default: return nil
        }
        return value < base ? value : nil
    }
}
