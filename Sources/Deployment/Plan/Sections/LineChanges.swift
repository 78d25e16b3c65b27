import PacketModel
import Policy

/// What the lines of both policies do differently, a sentence for each part of each difference.
struct LineChanges {
    private(set) var sentences: [PlanSentence] = []
    /// What parts of the baseline do differently, for sentences of their own.
    private(set) var baseline: [Baseline.Part: PlanCoverage] = [:]

    private let pair: PolicyPair
    private var guests = GuestChanges()

    /// A difference of more parts is told in the large.
    private static let mostParts = 4

    init(_ pair: PolicyPair) {
        self.pair = pair
        for direction in Direction.allCases {
            let findings = Difference(pair.table(direction)).findings
            let moved = Set(
                findings.filter(\.effect.isOpenedOrClosed).map { Key($0.candidate) }
            )
            for finding in findings {
                // Who is shut out, or let in, is turned away in another way anyhow.
                if case .refused = finding.effect, moved.contains(Key(finding.candidate)) { continue }
                add(finding, direction)
            }
        }
        sentences += guests.sentences(pair)
    }

    private struct Key: Hashable {
        var entry: Int

        init(_ candidate: Candidate) { entry = candidate.entry }
    }

    private mutating func add(_ finding: Finding, _ direction: Direction) {
        let candidate = finding.candidate
        if finding.effect.isOpenedOrClosed {
            if case .baseline(let part) = candidate.role {
                let known = baseline[part]
                baseline[part] =
                    known.map { PlanCoverage(direction, finding.cells, and: $0) }
                    ?? PlanCoverage(direction, finding.cells, pair.classes)
                return
            }
            if case .guests(let part) = candidate.role, GuestChanges.isTurned(part, pair) {
                guests.add(part, finding, direction, pair)
                return
            }
        }
        let words = FindingWords(pair.words(direction), pair)
        if finding.isCoarse || finding.cells.count > Self.mostParts {
            sentences.append(words.sentence(ofAll: finding))
        } else {
            sentences += finding.cells.map { words.sentence(of: $0, finding) }
        }
    }
}
