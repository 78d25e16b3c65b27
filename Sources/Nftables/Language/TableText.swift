/// A table in words, line by line.
struct TableText: Sendable {
    let table: KernelTable
    let interfaces: [UInt32: String]
    /// How each rule is written, where not plainly: by chain and place.
    let styles: [RulePlace: RuleText.Style]

    /// A line, and the rule that it is.
    struct Line: Sendable {
        var text: String
        var rule: RulePlace?

        init(_ text: String, rule: RulePlace? = nil) {
            (self.text, self.rule) = (text, rule)
        }
    }

    private var values: ValueText { ValueText(interfaces: interfaces) }

    /// What cannot be written comes out as its place.
    func lines() -> (lines: [Line], unread: [UnreadPart]) {
        var (blocks, unread) = ([[Line]](), [UnreadPart]())
        var head: [Line] = []
        if let comment = table.comment { head.append(Line("comment \"\(comment)\"")) }
        if table.flags & 1 != 0 { head.append(Line("flags dormant")) }
        if !head.isEmpty { blocks.append(head) }
        for object in table.objects {
            if let block = ObjectText(object: object).lines {
                blocks.append(block.map { Line($0) })
            } else {
                unread.append(part("object \(object.name)"))
            }
        }
        for set in table.sets where !set.isAnonymous {
            if let block = SetDeclaration(set: set, values: values).lines {
                blocks.append(block.map { Line($0) })
            } else {
                unread.append(part("set \(set.name)"))
            }
        }
        blocks += table.flowtables.map { FlowtableText(table: $0).lines.map { Line($0) } }
        for chain in table.chains { blocks.append(lines(of: chain, &unread)) }
        var lines = [Line("table \(table.family.text) \(table.name) {")]
        for (number, block) in blocks.enumerated() {
            if number > 0 { lines.append(Line("")) }
            lines += block.map { Line($0.text.isEmpty ? "" : "\t" + $0.text, rule: $0.rule) }
        }
        return (lines + [Line("}")], unread)
    }

    private func part(_ place: String) -> UnreadPart {
        UnreadPart(place: "\(place) of \(table.title)", name: "words")
    }

    private func lines(of chain: KernelChain, _ unread: inout [UnreadPart]) -> [Line] {
        var lines = [Line("chain \(chain.name) {")]
        if let comment = chain.comment { lines.append(Line("\tcomment \"\(comment)\"")) }
        if let base = chain.base {
            lines.append(
                Line("\t" + BaseChainText(base: base, family: table.family, flags: chain.flags).text)
            )
        }
        for (number, rule) in chain.rules.enumerated() where !rule.clauses.isEmpty || rule.comment != nil {
            let place = RulePlace(
                family: table.family.text,
                table: table.name,
                chain: chain.name,
                number: number
            )
            let style = styles[place] ?? .plain
            guard let text = RuleText(table: table, interfaces: interfaces, style: style).text(rule) else {
                unread.append(part("rule \(number + 1) of chain \(chain.name)"))
                continue
            }
            lines.append(Line("\t" + text, rule: place))
        }
        return lines + [Line("}")]
    }
}

/// A rule by its place.
struct RulePlace: Hashable, Sendable {
    let family: String
    let table: String
    let chain: String
    /// From 0.
    let number: Int
}
