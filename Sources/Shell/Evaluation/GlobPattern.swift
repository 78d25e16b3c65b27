/// A pattern of the shell: `*`, `?`, `[…]`, and a backslash before what stands for itself.
struct GlobPattern {
    private enum Element {
        case byte(UInt8)
        case any
        case run
        case oneOf([ClosedRange<UInt8>], isNegated: Bool)
    }

    private var elements: [Element] = []
    /// The text when nothing in the pattern is special.
    private(set) var literal: [UInt8]? = []

    /// Replacing looks at every place of a text, so it is not done in longer ones.
    static let longestSearched = 4_096

    init(_ bytes: [UInt8]) {
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\\") where place < bytes.count:
                add(bytes[place])
                place += 1
            case UInt8(ascii: "*"):
                literal = nil
                elements.append(.run)
            case UInt8(ascii: "?"):
                literal = nil
                elements.append(.any)
            case UInt8(ascii: "["):
                if let (element, next) = Self.set(bytes, place) {
                    literal = nil
                    elements.append(element)
                    place = next
                } else {
                    add(byte)
                }
            default: add(byte)
            }
        }
    }

    private mutating func add(_ byte: UInt8) {
        elements.append(.byte(byte))
        literal?.append(byte)
    }

    private static func set(_ bytes: [UInt8], _ start: Int) -> (Element, Int)? {
        ByteSet.read(bytes, start, negation: [UInt8(ascii: "!"), UInt8(ascii: "^")]).map {
            (.oneOf($0.ranges, isNegated: $0.isNegated), $0.next)
        }
    }

    func matches(_ text: ArraySlice<UInt8>) -> Bool {
        var (place, element) = (text.startIndex, 0)
        var retry: (place: Int, element: Int)?
        while place < text.endIndex {
            if element < elements.count, case .run = elements[element] {
                retry = (place, element)
                element += 1
            } else if element < elements.count, fits(elements[element], text[place]) {
                place += 1
                element += 1
            } else if let last = retry {
                retry = (last.place + 1, last.element)
                (place, element) = (last.place + 1, last.element + 1)
            } else {
                return false
            }
        }
        return elements[element...].allSatisfy { if case .run = $0 { true } else { false } }
    }

    private func fits(_ element: Element, _ byte: UInt8) -> Bool {
        switch element {
        case .byte(let own): own == byte
        case .any: true
        case .run: false
        case .oneOf(let ranges, let isNegated): ranges.contains { $0.contains(byte) } != isNegated
        }
    }

    func trimmed(_ text: [UInt8], fromEnd: Bool, isLongest: Bool) -> [UInt8] {
        let lengths = isLongest ? Array((0...text.count).reversed()) : Array(0...text.count)
        for length in lengths {
            if fromEnd {
                if matches(text[(text.count - length)...]) { return Array(text.dropLast(length)) }
            } else if matches(text[..<length]) {
                return Array(text.dropFirst(length))
            }
        }
        return text
    }

    func replaced(_ text: [UInt8], with replacement: [UInt8], isGlobal: Bool, anchor: UInt8?) -> [UInt8] {
        if anchor == UInt8(ascii: "#") {
            let rest = trimmed(text, fromEnd: false, isLongest: true)
            return rest.count < text.count ? replacement + rest : text
        }
        if anchor == UInt8(ascii: "%") {
            let rest = trimmed(text, fromEnd: true, isLongest: true)
            return rest.count < text.count ? rest + replacement : text
        }
        var (result, place) = ([UInt8](), 0)
        while place < text.count {
            // The longest match from here; of a plain text only one length can be.
            let lengths = literal.map { [$0.count] } ?? Array((1...(text.count - place)).reversed())
            let length = lengths.first {
                $0 > 0 && place + $0 <= text.count && matches(text[place..<(place + $0)])
            }
            guard let length else {
                result.append(text[place])
                place += 1
                continue
            }
            result += replacement
            place += length
            if !isGlobal { break }
        }
        return result + text[place...]
    }

    /// The text as a pattern that matches it alone.
    static func escaped(_ text: ShellText) -> ShellText {
        var result = ShellText()
        text.forEachPiece { byte, unknown in
            if let unknown { result.append(unknown) }
            guard let byte else { return }
            switch byte {
            case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "]"),
                UInt8(ascii: "\\"):
                result.append(UInt8(ascii: "\\"))
            default: break
            }
            result.append(byte)
        }
        return result
    }
}
