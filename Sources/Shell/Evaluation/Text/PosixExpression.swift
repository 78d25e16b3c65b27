/// A regular expression of POSIX, basic or extended, over bytes, with the few extras of GNU (regex(7), grep(1)).
struct PosixExpression {
    indirect enum Node {
        case byte(UInt8)
        case any
        case oneOf([ClosedRange<UInt8>], isNegated: Bool)
        case start
        case end
        /// `\b`, `\<` and `\>`: nil stands for either.
        case wordEdge(isStart: Bool?)
        case group(Node, number: Int?)
        case sequence([Node])
        case choice([Node])
        case repeated(Node, from: Int, to: Int?)
    }

    /// Where it matches, and what each group holds then.
    struct Match {
        var range: Range<Int>
        var groups: [Range<Int>?]
    }

    /// What came of looking for a match.
    enum Search {
        case found(Match)
        case none
        /// It would take too long, or reach too deep.
        case unknown
    }

    let root: Node
    let groupCount: Int
    private let ignoresCase: Bool
    private let hasChoice: Bool

    /// A text that is longer is not searched.
    static let longest = 4_096

    /// Nil for what is no expression, and for one that refers back to its own groups.
    init?(_ bytes: [UInt8], isExtended: Bool, ignoresCase: Bool = false) {
        var parser = PosixExpressionParser(
            ignoresCase ? bytes.map(Self.lowered) : bytes,
            isExtended: isExtended
        )
        guard let node = parser.parse() else { return nil }
        (root, groupCount, hasChoice) = (node, parser.groups, parser.hasChoice)
        self.ignoresCase = ignoresCase
    }

    static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
    }

    private static let special = Set(".[]\\()*+?{}^$|".utf8)

    /// The text as an expression that matches it alone.
    static func escaped(_ text: ShellText) -> ShellText {
        var result = ShellText()
        text.forEachPiece { byte, unknown in
            if let unknown { result.append(unknown) }
            guard let byte else { return }
            if special.contains(byte) { result.append(UInt8(ascii: "\\")) }
            result.append(byte)
        }
        return result
    }

    /// The first place where it matches, and there the longest text that does.
    func search(_ text: [UInt8], from start: Int = 0) -> Search {
        guard text.count <= Self.longest else { return .unknown }
        var matcher = PosixMatcher(ignoresCase ? text.map(Self.lowered) : text, groups: groupCount)
        for place in start...max(start, text.count) {
            if let match = matcher.match(root, at: place, wantsLongest: hasChoice) { return .found(match) }
            if matcher.isExhausted { return .unknown }
        }
        return .none
    }
}

/// Tries an expression at a place, going back where it has to, for so many steps.
private struct PosixMatcher {
    private let text: [UInt8]
    private var groups: [Range<Int>?]
    private var steps = 0
    private var depth = 0
    private(set) var isExhausted = false
    private var best: PosixExpression.Match?

    private static let mostSteps = 200_000
    /// So that no expression exhausts the stack.
    private static let deepest = 300

    init(_ text: [UInt8], groups: Int) {
        self.text = text
        self.groups = Array(repeating: nil, count: groups)
    }

    mutating func match(_ node: PosixExpression.Node, at place: Int, wantsLongest: Bool)
        -> PosixExpression.Match?
    {
        best = nil
        for number in groups.indices { groups[number] = nil }
        _ = run(node, place) { matcher, end in
            if matcher.best.map({ $0.range.upperBound < end }) ?? true {
                matcher.best = PosixExpression.Match(range: place..<end, groups: matcher.groups)
            }
            return !wantsLongest
        }
        return isExhausted ? nil : best
    }

    private typealias Rest = (inout PosixMatcher, Int) -> Bool

    private mutating func run(_ node: PosixExpression.Node, _ place: Int, _ rest: Rest) -> Bool {
        depth += 1
        defer { depth -= 1 }
        guard mayStep() else { return true }
        switch node {
        case .byte, .any, .oneOf: return fits(node, place) && rest(&self, place + 1)
        case .start: return place == 0 && rest(&self, place)
        case .end: return place == text.count && rest(&self, place)
        case .wordEdge(let isStart): return isWordEdge(place, isStart) && rest(&self, place)
        case .group(let inner, let number):
            return run(inner, place) { matcher, end in
                guard let number else { return rest(&matcher, end) }
                let before = matcher.groups[number]
                matcher.groups[number] = place..<end
                if rest(&matcher, end) { return true }
                matcher.groups[number] = before
                return false
            }
        case .sequence(let nodes): return runAll(nodes[...], place, rest)
        case .choice(let nodes):
            for node in nodes where run(node, place, rest) { return true }
            return false
        case .repeated(let inner, let from, let to):
            switch inner {
            case .byte, .any, .oneOf: return repeatByte(inner, from, to, place, rest)
            default: return repeatNode(inner, from, to, place, rest)
            }
        }
    }

    /// Counts a step; false once there were too many, or the search reaches too deep.
    private mutating func mayStep() -> Bool {
        steps += 1
        isExhausted = isExhausted || steps > Self.mostSteps || depth > Self.deepest
        return !isExhausted
    }

    private mutating func runAll(
        _ nodes: ArraySlice<PosixExpression.Node>,
        _ place: Int,
        _ rest: Rest
    ) -> Bool {
        guard let first = nodes.first else { return rest(&self, place) }
        return run(first, place) { matcher, end in matcher.runAll(nodes.dropFirst(), end, rest) }
    }

    private mutating func repeatByte(
        _ node: PosixExpression.Node,
        _ from: Int,
        _ to: Int?,
        _ place: Int,
        _ rest: Rest
    ) -> Bool {
        var count = 0
        while count < to ?? Int.max, fits(node, place + count) { count += 1 }
        while count >= from {
            guard mayStep() else { return true }
            if rest(&self, place + count) { return true }
            count -= 1
        }
        return false
    }

    private mutating func repeatNode(
        _ node: PosixExpression.Node,
        _ from: Int,
        _ to: Int?,
        _ place: Int,
        _ rest: Rest
    ) -> Bool {
        if to != 0,
            run(
                node,
                place,
                { matcher, end in
                    guard end > place || from > 0 else { return false }
                    let less = to.map { $0 - 1 }
                    return matcher.repeatNode(node, max(from - 1, 0), less, end, rest)
                }
            )
        {
            return true
        }
        return from == 0 && rest(&self, place)
    }

    private func fits(_ node: PosixExpression.Node, _ place: Int) -> Bool {
        guard place < text.count else { return false }
        switch node {
        case .byte(let byte): return byte == text[place]
        case .any: return true
        case .oneOf(let ranges, let isNegated):
            return ranges.contains { $0.contains(text[place]) } != isNegated
        case .start, .end, .wordEdge, .group, .sequence, .choice, .repeated: return false
        }
    }

    private func isWordEdge(_ place: Int, _ isStart: Bool?) -> Bool {
        let before = place > 0 && ShellParser.isNamePart(text[place - 1])
        let after = place < text.count && ShellParser.isNamePart(text[place])
        return before != after && (isStart.map { $0 == after } ?? true)
    }
}
