/// A rule in words.
struct RuleText: Sendable {
    /// How much is left to nft.
    enum Style: Int, CaseIterable, Sendable {
        /// What nft puts before a clause by itself is left out.
        case plain
        /// Nothing is left out.
        case explicit
        /// Headers are told by their bits, and values by numbers.
        case bare
    }

    let table: KernelTable
    let sets: [String: KernelSet]
    let values: ValueText
    let style: Style

    init(table: KernelTable, interfaces: [UInt32: String], style: Style) {
        self.table = table
        sets = Dictionary(table.sets.map { ($0.name, $0) }) { $1 }
        values = ValueText(interfaces: interfaces, isNumeric: style == .bare)
        self.style = style
    }

    /// Nil where a clause has no words.
    func text(_ rule: KernelRule) -> String? {
        var words: [String] = []
        var context = ProtocolContext(table.family)
        var waiting: [Clause] = []
        for clause in rule.clauses {
            if style == .plain, ProtocolContext.isDependency(clause) {
                waiting.append(clause)
                continue
            }
            guard let described = self.described(clause, behind: waiting, context) else { return nil }
            guard let kept = flush(&waiting, before: described, &context) else { return nil }
            words += kept
            words.append(described.text)
            context.apply(clause, sets: sets)
        }
        guard let rest = flush(&waiting, before: nil, &context) else { return nil }
        words += rest
        if let comment = rule.comment { words.append("comment \"\(comment)\"") }
        return words.joined(separator: " ")
    }

    /// A clause in words; by bits where a name would make nft put something before it that is not there.
    private func described(
        _ clause: Clause,
        behind waiting: [Clause],
        _ context: ProtocolContext
    ) -> DescribedClause? {
        let before = applied(waiting, to: context)
        guard let named = describe(clause, before, isBare: style == .bare) else { return nil }
        guard !before.dependencies(of: named.needs).isEmpty else { return named }
        return describe(clause, before, isBare: true)
    }

    private func applied(_ clauses: [Clause], to context: ProtocolContext) -> ProtocolContext {
        clauses.reduce(into: context) { $0.apply($1, sets: sets) }
    }

    /// The words of the clauses that wait, without those that nft makes by itself for what follows.
    private func flush(
        _ waiting: inout [Clause],
        before described: DescribedClause?,
        _ context: inout ProtocolContext
    ) -> [String]? {
        defer { waiting = [] }
        var count = waiting.count
        if let described {
            for kept in waiting.indices {
                let start = applied(Array(waiting[..<kept]), to: context)
                if start.dependencies(of: described.needs) == Array(waiting[kept...]) {
                    count = kept
                    break
                }
            }
        }
        var (words, inner) = ([String](), [Clause]())
        for clause in waiting[..<count] {
            guard let kept = self.described(clause, behind: inner, context) else { return nil }
            words.append(kept.text)
            inner.append(clause)
        }
        context = applied(waiting, to: context)
        return words
    }

    private func describe(_ clause: Clause, _ context: ProtocolContext, isBare: Bool) -> DescribedClause? {
        ClauseText(
            table: table,
            operands: OperandText(context: context, sets: sets, values: values, isBare: isBare)
        ).describe(clause)
    }
}

/// A clause in words, with what these take for granted.
struct DescribedClause: Sendable {
    var text: String
    var needs: [Need] = []
}
