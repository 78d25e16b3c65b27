package import Kernel
import PacketModel
package import Policy

/// What an apply would do: what opens, closes and changes against the live policy, and what on this host would
/// feel it.
package struct ChangePlan: Sendable {
    /// In the order to be read: changes first, then notes, warnings, and connections.
    package let sentences: [PlanSentence]
    /// The connections that live now, by whether they could begin under the new policy.
    package let connections: ConnectionVerdict
    /// Both policies mean the same: every new connection is judged alike, logged alike, translated alike.
    package let changesNothing: Bool
    /// Nothing of ours is live: all is told, and not only what differs.
    package let isFirst: Bool

    /// `old` is the policy that is live now; nil before the first apply. `strays` are the connections that the kernel
    /// knows and that could not begin anew; they are to be ended where `endingStrays`, or the policy, says so.
    /// `translations` are those of others' rules.
    package init(
        from old: Policy?,
        to new: Policy,
        listeners: [Listener],
        connections: [LiveConnection],
        strays: StrayConnections = .none,
        endingStrays: Bool = false,
        session: LoginSession?,
        raw: [RawListener] = [],
        translations: [PortTranslation] = []
    ) {
        let pair = PolicyPair(from: old, to: new)
        self.connections = ConnectionVerdict(connections, under: new)
        isFirst = old == nil
        let endings = EndingLines(pair)
        var changes: [PlanSentence]
        if let old {
            let lines = LineChanges(pair)
            changes =
                lines.sentences
                + BaselineChanges.sentences(from: old.baseline, to: new.baseline, coverage: lines.baseline)
            changes +=
                TranslationChanges.sentences(pair) + SettingChanges.sentences(pair)
                + LogChanges.sentences(pair) + endings.changes
            changesNothing = changes.isEmpty
            changes = Self.inOrder(changes) + Self.keeps(pair, nothing: changesNothing)
        } else {
            changes = FirstApply.sentences(pair) + TranslationChanges.sentences(pair)
            changesNothing = false
        }
        let host =
            IdleServices.sentences(pair, listeners, translations)
            + ShutListeners.sentences(pair, listeners, translations)
            + PublishedServices.sentences(pair, translations) + RawProtocols.sentences(pair, raw)
            + VitalOutbound.sentences(pair)
        sentences =
            changes + endings.notes + Self.inOrder(host)
            + ConnectionSentences(pair, strays, isEnding: endingStrays || new.endsStrays, session)
            .sentences(self.connections)
    }

    /// By kind, then by direction, else as they are.
    private static func inOrder(_ sentences: [PlanSentence]) -> [PlanSentence] {
        sentences.enumerated().sorted { left, right in
            let (mine, theirs) = (rank(left.element), rank(right.element))
            return mine == theirs ? left.offset < right.offset : mine.lexicographicallyPrecedes(theirs)
        }.map(\.element)
    }

    private static func rank(_ sentence: PlanSentence) -> [Int] {
        let kind = PlanSentence.Kind.allCases.firstIndex(of: sentence.kind) ?? 0
        let direction = sentence.direction.flatMap(Direction.allCases.firstIndex) ?? Direction.allCases.count
        return [kind, direction]
    }

    private static func keeps(_ pair: PolicyPair, nothing: Bool) -> [PlanSentence] {
        let count = pair.new.lines.count
        let all = WordList.count(count, "line")
        switch (nothing, count) {
        case (true, 0): return [PlanSentence(.keeps, nil, "nothing changes")]
        case (true, 1):
            return [PlanSentence(.keeps, nil, "nothing changes: the line means what the live policy means")]
        case (true, _):
            return [PlanSentence(.keeps, nil, "nothing changes: the \(all) mean what the live policy means")]
        case (false, 0): return []
        case (false, _): return [PlanSentence(.keeps, nil, "\(pair.unchangedLines) of \(all)")]
        }
    }
}
