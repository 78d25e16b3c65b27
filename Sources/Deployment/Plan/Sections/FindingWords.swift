import PacketModel
import Policy

/// Says what was found different.
struct FindingWords {
    private let words: BoxWords
    private let pair: PolicyPair

    init(_ words: BoxWords, _ pair: PolicyPair) {
        self.words = words
        self.pair = pair
    }

    /// One part of a difference.
    func sentence(of cell: PacketBox, _ finding: Finding) -> PlanSentence {
        let causes = finding.candidate.causes(in: [cell])
        let title = causes.first?.origin?.title ?? ""
        let packets = words.text(cell, of: finding.candidate.box, title: title)
        return PlanSentence(
            kind(finding.effect),
            words.direction,
            packets + said(finding.effect, finding.candidate, causes.first),
            place: pair.place(causes, finding.candidate.side),
            coverage: PlanCoverage(words.direction, [cell], pair.classes)
        )
    }

    /// A difference of many parts, by the line that they are parts of.
    func sentence(ofAll finding: Finding) -> PlanSentence {
        let causes = finding.candidate.causes(in: finding.cells)
        var part =
            switch finding.effect {
            case .opened: ", as far as it did not pass"
            case .closed: ", as far as it passed"
            case .limited, .recounted, .refused: ", parts of it"
            }
        if finding.isCoarse { part += ", and limits may be others" }
        var judges: PlanCoverage.Judges?
        if finding.isCoarse, let old = pair.old {
            judges = PlanCoverage.Judges(old: old, new: pair.new, opens: finding.effect == .opened)
        }
        let packets = words.text(finding.candidate.box, title: causes.first?.origin?.title ?? "")
        return PlanSentence(
            kind(finding.effect),
            words.direction,
            packets + part + said(finding.effect, finding.candidate, causes.first),
            place: pair.place(causes, finding.candidate.side),
            coverage: PlanCoverage(words.direction, finding.cells, pair.classes, judges: judges)
        )
    }

    private func kind(_ effect: Finding.Effect) -> PlanSentence.Kind {
        switch effect {
        case .opened: .opens
        case .closed: .closes
        case .limited, .recounted, .refused: .changes
        }
    }

    private func said(
        _ effect: Finding.Effect,
        _ candidate: Candidate,
        _ cause: EffectiveLine.Cause?
    ) -> String {
        switch effect {
        case .opened, .closed: reason(candidate, cause)
        case .limited(let from, let to):
            ": \(LimitWords.text(to)) now, was \(LimitWords.text(from))"
        case .recounted(let isShared):
            ": \(LimitWords.text(candidate.role.limit.map { [$0] } ?? [])) as before, but counted "
                + (isShared ? "together now" : "on its own now")
        case .refused(let from, let to): Self.refusal(from, to)
        }
    }

    /// Why packets pass now, or no longer, where that is not just an allow that comes or goes.
    private func reason(_ candidate: Candidate, _ cause: EffectiveLine.Cause?) -> String {
        let isNew = candidate.side == .new
        switch candidate.role {
        case .deny(let refusal) where refusal.isBan:
            return isNew ? ": banned, established connections too" : ": no longer banned"
        case .deny(let refusal):
            return isNew ? ": denied\(refusal.answers ? " with an answer" : "")" : ": no longer denied"
        case .limited(let limit):
            return isNew ? ": \(LimitWords.text(limit))" : ""
        case .spared:
            return isNew ? ": management is spared from bans" : ": no longer spared as management"
        case .guests(let part):
            return " (containers: \(part?.rawValue ?? "outbound"))"
        case .allow:
            if case .published = cause { return " (containers: published)" }
            return ""
        case .baseline(let part):
            return " (baseline: \(part.rawValue))"
        }
    }

    /// Both policies turn it away; only how is different.
    private static func refusal(
        _ from: Set<EffectiveLine.Refusal>,
        _ to: Set<EffectiveLine.Refusal>
    ) -> String {
        let (wasBanned, isBanned) = (from.contains(where: \.isBan), to.contains(where: \.isBan))
        if isBanned && !wasBanned {
            return ": banned now; none of it was admitted, but what is established is dropped too"
        }
        if wasBanned && !isBanned { return ": no longer banned, but not admitted either" }
        if from.isEmpty { return ": denied now; nothing admitted it before" }
        if to.isEmpty { return ": no longer denied, but not admitted either" }
        let (answered, answers) = (from.contains(where: \.answers), to.contains(where: \.answers))
        if answers != answered {
            return answers ? ": answered with a refusal now" : ": no longer answered with a refusal"
        }
        return ": denied by other lines now"
    }
}
