/// What a script does not tell by itself: the output of a command, a variable of the environment, an argument.
package struct Unknown: Hashable, Sendable {
    /// As the script writes it: `$1`, `$(curl example.org)`.
    package let name: String
    /// It is the same wherever it stands, so that what is assumed of it once holds everywhere.
    package let isStable: Bool
    /// Which of the runs that could give another text gave this one, from 1: what a variable keeps of one run is the same
    /// wherever the variable stands. 0: it is not told apart.
    let run: Int

    package init(_ name: String, isStable: Bool = false) {
        self.init(name, isStable: isStable, run: 0)
    }

    init(_ name: String, isStable: Bool = false, run: Int) {
        (self.name, self.isStable, self.run) = (name, isStable, run)
    }

    /// Where it stands twice, it is the same text twice.
    var isSame: Bool { isStable || run > 0 }
}

/// Text as far as it is known: bytes, with unknown parts between them.
package struct ShellText: Hashable, Sendable {
    package struct Gap: Hashable, Sendable {
        /// The number of known bytes before it.
        package var offset: Int
        package var unknown: Unknown
    }

    package private(set) var bytes: [UInt8] = []
    package private(set) var gaps: [Gap] = []

    package init() {}

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package init(_ text: String) {
        bytes = Array(text.utf8)
    }

    package init(unknown: Unknown) {
        gaps = [Gap(offset: 0, unknown: unknown)]
    }

    package var isKnown: Bool { gaps.isEmpty }

    /// Nothing at all; a text with an unknown part is not.
    var isEmpty: Bool { bytes.isEmpty && gaps.isEmpty }

    /// The bytes when all of it is known.
    package var known: [UInt8]? { isKnown ? bytes : nil }

    package var knownString: String? { known.map { String(decoding: $0, as: UTF8.self) } }

    /// The unknown part when there is nothing else.
    var onlyUnknown: Unknown? { bytes.isEmpty && gaps.count == 1 ? gaps[0].unknown : nil }

    /// With the unknown parts as the script writes them.
    package var shown: String {
        guard !isKnown else { return String(decoding: bytes, as: UTF8.self) }
        var (text, place) = ("", 0)
        for gap in gaps {
            text += String(decoding: bytes[place..<gap.offset], as: UTF8.self) + gap.unknown.name
            place = gap.offset
        }
        return text + String(decoding: bytes[place...], as: UTF8.self)
    }

    package mutating func append(_ byte: UInt8) { bytes.append(byte) }

    package mutating func append(_ other: some Sequence<UInt8>) { bytes.append(contentsOf: other) }

    package mutating func append(_ other: ShellText) {
        let start = bytes.count
        bytes.append(contentsOf: other.bytes)
        for gap in other.gaps { gaps.append(Gap(offset: gap.offset + start, unknown: gap.unknown)) }
    }

    package mutating func append(_ unknown: Unknown) {
        gaps.append(Gap(offset: bytes.count, unknown: unknown))
    }

    /// Without so many known bytes in front, before which nothing unknown stands.
    mutating func dropFirst(_ count: Int) {
        bytes.removeFirst(count)
        for number in gaps.indices { gaps[number].offset -= count }
    }

    /// Without the newlines at the end, as command substitution leaves it.
    mutating func dropTrailingNewlines() {
        while bytes.last == UInt8(ascii: "\n"), (gaps.last?.offset ?? 0) < bytes.count { bytes.removeLast() }
    }

    /// It ends with something known that is no newline.
    var isLastLineOpen: Bool {
        guard let last = bytes.last, (gaps.last?.offset ?? 0) < bytes.count else { return false }
        return last != UInt8(ascii: "\n")
    }

    /// The text with each unknown part put through the function.
    func replacingGaps(_ value: (Unknown) -> ShellText?) -> ShellText {
        guard !isKnown else { return self }
        var (result, place) = (ShellText(), 0)
        for gap in gaps {
            result.append(bytes[place..<gap.offset])
            result.append(value(gap.unknown) ?? ShellText(unknown: gap.unknown))
            place = gap.offset
        }
        result.append(bytes[place...])
        return result
    }

    /// The bytes in turn, with nil in the place of an unknown part.
    func forEachPiece(_ body: (UInt8?, Unknown?) -> Void) {
        var gap = 0
        for place in 0...bytes.count {
            while gap < gaps.count, gaps[gap].offset == place {
                body(nil, gaps[gap].unknown)
                gap += 1
            }
            if place < bytes.count { body(bytes[place], nil) }
        }
    }

    /// The parts between the lines' ends; none after the last one.
    package var lines: [ShellText] {
        var lines: [ShellText] = []
        var line = ShellText()
        forEachPiece { byte, unknown in
            if byte == UInt8(ascii: "\n") {
                lines.append(line)
                line = ShellText()
            } else if let byte {
                line.append(byte)
            } else if let unknown {
                line.append(unknown)
            }
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }
}
