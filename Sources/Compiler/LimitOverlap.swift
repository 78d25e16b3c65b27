package import Diagnostics
import PacketModel
package import Policy

/// Which limited lines may speak of one packet.
///
/// Such lines stand in one chain, where every matching bucket is charged and one that is under its rate suffices.
package struct LimitOverlap: Sendable {
    /// A chain asks the lines that overlap one by one, each against each.
    package static let mostLines = 32
    /// Pairs of lines that are looked at before the question is given up.
    private static let mostPairs = 4_000_000

    /// Places in the list of lines, in order; lines that overlap nothing stand alone.
    package let clusters: [[Int]]

    /// Throws the diagnostic of a policy whose limits overlap too much.
    package init(_ lines: [PolicyLine], source: SourceFile) throws(Diagnostic) {
        var parents = Array(lines.indices)
        func root(_ index: Int) -> Int {
            var index = index
            while parents[index] != index { index = parents[index] }
            return index
        }
        var pairs = 0
        for (first, second) in try Self.candidates(lines, source: source) {
            pairs += 1
            let (one, other) = (root(first), root(second))
            if one != other && lines[first].overlaps(lines[second]) {
                parents[max(one, other)] = min(one, other)
            }
        }
        var members: [Int: [Int]] = [:]
        for index in lines.indices { members[root(index), default: []].append(index) }
        clusters = members.sorted { $0.key < $1.key }.map(\.value)
        if let crowd = clusters.first(where: { $0.count > Self.mostLines }) {
            throw Self.refusal(crowd.map { lines[$0] }, source: source)
        }
    }

    /// Pairs that share a port or a source, found along whichever of the two separates the lines better.
    private static func candidates(
        _ lines: [PolicyLine],
        source: SourceFile
    ) throws(Diagnostic) -> [(Int, Int)] {
        let byMember = lines.indices.flatMap { index -> [Span] in
            let members = lines[index].services.members
            if lines[index].services.isAny { return [Span(0, .max, index)] }
            return members.flatMap { transportProtocol, set in
                let start = UInt128(transportProtocol.number) << 16
                return set.intervals.map { Span(start | UInt128($0.lower), start | UInt128($0.upper), index) }
            }
        }
        let bySource = lines.indices.flatMap { index -> [Span] in
            guard let source = lines[index].source else { return [Span(0, .max, index)] }
            return IPFamily.allCases.flatMap { family in
                source[family].intervals.map { Span($0.lower, $0.upper, index) }
            }
        }
        for spans in [byMember, bySource] {
            if let pairs = Span.overlappingPairs(spans, atMost: mostPairs) { return pairs }
        }
        throw refusal(lines, source: source)
    }

    private static func refusal(_ lines: [PolicyLine], source: SourceFile) -> Diagnostic {
        let labels = lines.sorted { $0.origin.line < $1.origin.line }.prefix(2).map { line in
            Diagnostic.Label(source, line.origin.range, "limited here")
        }
        return Diagnostic(
            code: "policy.limit.overlap",
            "\(lines.count) limited lines match the same packets; at most \(mostLines) may",
            at: labels.first,
            also: Array(labels.dropFirst()),
            fix: "join them in one line with one limit, or give them services or addresses of their own"
        )
    }
}

/// What one line occupies of a dimension.
private struct Span {
    let lower: UInt128
    let upper: UInt128
    let line: Int

    init(_ lower: UInt128, _ upper: UInt128, _ line: Int) {
        self.lower = lower
        self.upper = upper
        self.line = line
    }

    /// Nil when there are more pairs than allowed.
    static func overlappingPairs(_ spans: [Span], atMost limit: Int) -> [(Int, Int)]? {
        var result: [(Int, Int)] = []
        var active: [Span] = []
        for span in spans.sorted(by: { ($0.lower, $0.line) < ($1.lower, $1.line) }) {
            active.removeAll { $0.upper < span.lower }
            guard result.count + active.count <= limit else { return nil }
            result += active.lazy.filter { $0.line != span.line }.map { ($0.line, span.line) }
            active.append(span)
        }
        return result
    }
}
