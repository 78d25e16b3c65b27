import PacketModel
import Policy

/// What a policy will mean where none is live yet: a sentence for each line, then the rest.
struct FirstApply {
    private let pair: PolicyPair

    /// In steps of ``CellWalk``; a line beyond it is told by what it says itself.
    private static let mostWork = 250_000
    /// A line of more parts is told by what it says itself.
    private static let mostParts = 4

    static func sentences(_ pair: PolicyPair) -> [PlanSentence] {
        let this = FirstApply(pair: pair)
        let lines = Direction.allCases.flatMap(this.lines)
        return lines.filter { $0.kind == .allows } + [this.baseline] + lines.filter { $0.kind == .note }
            + lines.filter { $0.kind == .drops } + [this.rest] + BaselineChanges.unusual(pair.new.baseline)
    }

    private func lines(_ direction: Direction) -> [PlanSentence] {
        let words = pair.words(direction)
        let table = pair.table(direction)
        let own = Set(pair.new.lines.filter { $0.direction == direction }.map(\.origin))
        var told: Set<Containers.Part?> = []
        return EffectiveLine.all(of: pair.new, direction, pair.classes).flatMap { line -> [PlanSentence] in
            switch line.role {
            case .baseline, .spared: return []
            case .deny(let refusal):
                // A deny of `inbound` that holds for published ports too is told once.
                guard let origin = line.cause.origin, own.contains(origin) else { return [] }
                return [denied(line, refusal, words)]
            case .guests(let part):
                guard told.insert(part).inserted else { return [] }
                let text = GuestChanges.text(part, passes: true)
                return [PlanSentence(.allows, direction, text, place: pair.place([line.cause], .new))]
            case .allow, .limited:
                return admitted(line, table, words)
            }
        }
    }

    private func denied(
        _ line: EffectiveLine,
        _ refusal: EffectiveLine.Refusal,
        _ words: BoxWords
    ) -> PlanSentence {
        let how = refusal.isBan ? ": banned, established connections too" : ": denied"
        let text = words.text(line.box, title: line.cause.origin?.title ?? "") + how
        return PlanSentence(.drops, words.direction, text, place: pair.place([line.cause], .new))
    }

    private func admitted(_ line: EffectiveLine, _ table: LineTable, _ words: BoxWords) -> [PlanSentence] {
        let place = pair.place([line.cause], .new)
        let title = line.cause.origin?.title ?? ""
        let suffix = (line.role.limit.map { ": \(LimitWords.text($0))" } ?? "") + published(line.cause)
        func sentence(_ cells: [PacketBox], _ packets: String) -> PlanSentence {
            let coverage = PlanCoverage(words.direction, cells, pair.classes)
            return PlanSentence(
                .allows,
                words.direction,
                packets + suffix,
                place: place,
                coverage: coverage
            )
        }
        let passing = table.passing(words.beyondBaseline(line.box), .new, mostWork: Self.mostWork)
        guard let passing, passing.count <= Self.mostParts else {
            let packets = words.text(line.box, title: title) + ", as far as no line denies it"
            return [sentence(passing ?? [line.box], packets)]
        }
        if passing.isEmpty {
            let text = "\(words.text(line.box, title: title)) is allowed, and denied altogether"
            return [PlanSentence(.note, words.direction, text, place: place)]
        }
        return passing.map { sentence([$0], words.text($0, of: line.box, title: title)) }
    }

    private func published(_ cause: EffectiveLine.Cause) -> String {
        switch cause {
        case .published: " (containers: published)"
        case .line, .containers, .management, .baseline: ""
        }
    }

    private var baseline: PlanSentence {
        let parts = Baseline.Part.allCases.filter { pair.new.baseline.has($0) && $0.letsPass }.map(\.rawValue)
        let text =
            "answers to all of this; of the baseline " + parts.joined(separator: ", ")
        return PlanSentence(.allows, nil, text)
    }

    private var rest: PlanSentence {
        let rejecting = Direction.allCases.filter { pair.new.rest[$0] == .reject }
        let how =
            switch rejecting.count {
            case 0: "dropped"
            case Direction.allCases.count: "rejected"
            default: "dropped, and rejected \(WordList.text(rejecting.map(\.rawValue)))"
            }
        return PlanSentence(.drops, nil, "everything else is \(how), IPv4 and IPv6")
    }
}
