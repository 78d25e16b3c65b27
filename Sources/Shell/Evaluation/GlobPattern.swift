/// A pattern of the shell: `*`, `?`, `[…]`, and a backslash before what stands for itself; extended ones have groups, `@(a|b)`.
struct GlobPattern {
    private enum Element {
        case byte(UInt8)
        case any
        case run
        case oneOf([ClosedRange<UInt8>], isNegated: Bool)
        /// One of `?*+@!` before alternatives.
        case group(UInt8, [[Element]])
    }

    private var elements: [Element] = []
    private var hasGroups = false
    /// The text when nothing in the pattern is special.
    private(set) var literal: [UInt8]? = []

    /// What stands before the parenthesis of a group.
    static let groupMarks: Set<UInt8> = Set("?*+@!".utf8)

    /// Replacing looks at every place of a text, so it is not done in longer ones.
    var longestSearched: Int { hasGroups ? 256 : 4_096 }

    /// Groups within each other.
    private static let deepest = 20

    init(_ bytes: [UInt8], isExtended: Bool = false) {
        var place = 0
        elements = Self.elements(bytes, &place, isExtended, depth: 0)
        var plain: [UInt8]? = []
        for element in elements {
            if case .byte(let byte) = element { plain?.append(byte) } else { plain = nil }
            if case .group = element { hasGroups = true }
        }
        literal = plain
    }

    /// Up to the end, or to what ends an alternative of a group.
    private static func elements(_ bytes: [UInt8], _ place: inout Int, _ isExtended: Bool, depth: Int)
        -> [Element]
    {
        var elements: [Element] = []
        while place < bytes.count {
            let byte = bytes[place]
            if depth > 0, byte == UInt8(ascii: "|") || byte == UInt8(ascii: ")") { break }
            place += 1
            if isExtended, groupMarks.contains(byte), depth < deepest,
                let group = group(byte, bytes, &place, depth: depth)
            {
                elements.append(group)
                continue
            }
            switch byte {
            case UInt8(ascii: "\\") where place < bytes.count:
                elements.append(.byte(bytes[place]))
                place += 1
            case UInt8(ascii: "*"): elements.append(.run)
            case UInt8(ascii: "?"): elements.append(.any)
            case UInt8(ascii: "["):
                if let (element, next) = set(bytes, place) {
                    elements.append(element)
                    place = next
                } else {
                    elements.append(.byte(byte))
                }
            default: elements.append(.byte(byte))
            }
        }
        return elements
    }

    /// The group whose mark is just before the place; nil where none is, or where it is not closed.
    private static func group(_ mark: UInt8, _ bytes: [UInt8], _ place: inout Int, depth: Int) -> Element? {
        guard place < bytes.count, bytes[place] == UInt8(ascii: "(") else { return nil }
        var (next, alternatives): (Int, [[Element]]) = (place, [])
        repeat {
            next += 1
            alternatives.append(elements(bytes, &next, true, depth: depth + 1))
            guard next < bytes.count else { return nil }
        } while bytes[next] == UInt8(ascii: "|")
        place = next + 1
        return .group(mark, alternatives)
    }

    private static func set(_ bytes: [UInt8], _ start: Int) -> (Element, Int)? {
        ByteSet.read(bytes, start, negation: [UInt8(ascii: "!"), UInt8(ascii: "^")]).map {
            (.oneOf($0.ranges, isNegated: $0.isNegated), $0.next)
        }
    }

    func matches(_ text: ArraySlice<UInt8>) -> Bool {
        if hasGroups { return Self.ends(elements, text, [text.startIndex]).contains(text.endIndex) }
        var (place, element) = (text.startIndex, 0)
        var retry: (place: Int, element: Int)?
        while place < text.endIndex {
            if element < elements.count, case .run = elements[element] {
                retry = (place, element)
                element += 1
            } else if element < elements.count, Self.fits(elements[element], text[place]) {
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

    private static func fits(_ element: Element, _ byte: UInt8) -> Bool {
        switch element {
        case .byte(let own): own == byte
        case .any: true
        case .run, .group: false
        case .oneOf(let ranges, let isNegated): ranges.contains { $0.contains(byte) } != isNegated
        }
    }

    /// Where what the elements match may end that begins at one of the places; each place is looked at once, so that no
    /// pattern takes long.
    private static func ends(_ elements: [Element], _ text: ArraySlice<UInt8>, _ starts: Set<Int>) -> Set<Int>
    {
        var places = starts
        for element in elements {
            guard let first = places.min() else { break }
            switch element {
            case .byte, .any, .oneOf:
                places = Set(places.filter { $0 < text.endIndex && fits(element, text[$0]) }.map { $0 + 1 })
            case .run: places = Set(first...text.endIndex)
            case .group(let mark, let alternatives): places = ends(mark, alternatives, text, places)
            }
        }
        return places
    }

    private static func ends(
        _ mark: UInt8,
        _ alternatives: [[Element]],
        _ text: ArraySlice<UInt8>,
        _ starts: Set<Int>
    ) -> Set<Int> {
        func once(_ places: Set<Int>) -> Set<Int> {
            alternatives.reduce(into: []) { $0.formUnion(ends($1, text, places)) }
        }
        switch mark {
        case UInt8(ascii: "@"): return once(starts)
        case UInt8(ascii: "?"): return once(starts).union(starts)
        case UInt8(ascii: "!"):
            return starts.reduce(into: []) { result, start in
                result.formUnion(Set(start...text.endIndex).subtracting(once([start])))
            }
        default:
            var (all, new) = (mark == UInt8(ascii: "*") ? starts : [], starts)
            while !new.isEmpty {
                new = once(new).subtracting(all)
                all.formUnion(new)
            }
            return all
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

    /// What matches nothing is a match too, as in bash: a replacement comes before each byte, or at the end that the anchor
    /// names.
    func replaced(_ text: [UInt8], with replacement: [UInt8], isGlobal: Bool, anchor: UInt8?) -> [UInt8] {
        switch anchor {
        case UInt8(ascii: "#"):
            let end = (0...text.count).reversed().first { matches(text[..<$0]) }
            return end.map { replacement + text[$0...] } ?? text
        case UInt8(ascii: "%"):
            let start = (0...text.count).first { matches(text[$0...]) }
            return start.map { text[..<$0] + replacement } ?? text
        default: break
        }
        guard !elements.isEmpty else { return text }
        if text.isEmpty { return matches(text[...]) ? replacement : text }
        var (result, place) = ([UInt8](), 0)
        while place < text.count {
            // The longest match from here; of a plain text only one length can be.
            let lengths = literal.map { [$0.count] } ?? Array((0...(text.count - place)).reversed())
            let length = lengths.first {
                place + $0 <= text.count && matches(text[place..<(place + $0)])
            }
            if length != nil { result += replacement }
            if let length, length > 0 {
                place += length
            } else {
                result.append(text[place])
                place += 1
            }
            if length != nil, !isGlobal { break }
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
