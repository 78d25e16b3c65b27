import Diagnostics

/// Lines with no action, or with two.
extension Reading {
    /// `reject: ssh` is a deny that answers.
    func actionFix(_ node: YAMLNode) -> Fix? {
        guard let entry = node.entry("reject"), entry.value.scalar?.kind != .boolean else {
            return "add allow: or deny: with its services, such as allow: ssh"
        }
        let isFlow = source.bytes[node.range.start] == UInt8(ascii: "{")
        let separator = isFlow ? ", " : "\n" + String(repeating: " ", count: column(of: entry.keyRange.start))
        return Fix("write deny, and reject: true", [Fix.Edit(entry.keyRange, "reject: true\(separator)deny")])
    }

    /// A key before the others of a mapping.
    func fix(adding text: String, to node: YAMLNode) -> Fix {
        guard case .mapping(let entries) = node.content, let first = entries.first else {
            return .write(text)
        }
        let isFlow = source.bytes[node.range.start] == UInt8(ascii: "{")
        let separator = isFlow ? ", " : "\n" + String(repeating: " ", count: column(of: first.keyRange.start))
        return Fix("write \(text)", [.insertion(text + separator, at: first.keyRange.start)])
    }

    func removalFix(_ entry: YAMLEntry) -> Fix {
        Fix("remove `\(entry.key)`", choices: removal(of: entry).map { [[$0]] } ?? [])
    }

    /// One line that allows and denies: two lines, or one of them where the deny leaves nothing of the allow.
    func conflictFix(
        _ node: YAMLNode,
        _ allowEntry: YAMLEntry,
        _ denyEntry: YAMLEntry,
        _ allow: ServiceSet?,
        _ deny: ServiceSet?
    ) -> Fix {
        if let allow, let deny, allow.subtracting(deny).isEmpty {
            let choices = [denyEntry, allowEntry].map { entry in
                removal(of: entry).map { [$0] } ?? replacement(of: entry, by: denyEntry)
            }
            return Fix(
                "remove `deny` or `allow`: together they admit nothing",
                choices: choices.allSatisfy { $0 != nil } ? choices.compactMap(\.self) : []
            )
        }
        let dash = node.range.start - 2
        let isBlock = dash >= 0 && source.bytes[dash] == UInt8(ascii: "-")
        guard isBlock, allowEntry.keyRange.start < denyEntry.keyRange.start,
            column(of: denyEntry.keyRange.start) == column(of: dash) + 2
        else { return "write two lines" }
        return Fix(
            "write two lines: - deny is a line of its own",
            [Fix.Edit(SourceRange(denyEntry.keyRange.start - 2, denyEntry.keyRange.start), "- ")]
        )
    }

    /// The first key of a line goes, and the other stands in its place.
    private func replacement(of first: YAMLEntry, by other: YAMLEntry) -> [Fix.Edit]? {
        guard let gone = removal(of: other) else { return nil }
        let text = source.bytes[other.keyRange.start..<other.value.range.end]
        let place = SourceRange(first.keyRange.start, first.value.range.end)
        return [Fix.Edit(place, String(decoding: text, as: UTF8.self)), gone]
    }
}

/// Keys that stand twice.
extension Reading {
    func duplicateFix(_ first: YAMLEntry, _ second: YAMLEntry) -> Fix {
        let texts = [first, second].map { entry in
            String(decoding: source.bytes[entry.value.range.start..<entry.value.range.end], as: UTF8.self)
        }
        switch (first.value.content, second.value.content) {
        case (.scalar, .scalar):
            if let dashes = dashes(before: first, second) { return dashes }
            guard first.value.scalar?.style != .block, second.value.scalar?.style != .block,
                ["allow", "deny", "from", "to", "in", "out", "user"].contains(first.key),
                let gone = removal(of: second)
            else { return "write the key once" }
            let list = "[\(texts[0]), \(texts[1])]"
            return Fix("write \(first.key): \(list)", [Fix.Edit(first.value.range, list), gone])
        case (.sequence, .sequence):
            // The lines of the second belong below those of the first where nothing stands between.
            let line = source.lineRange(of: second.keyRange.start)
            let gap = source.bytes[first.value.range.end..<line.start]
            guard gap.allSatisfy({ " \t\r\n".utf8.contains($0) }),
                source.bytes[line.end - 1] == UInt8(ascii: ":"),
                column(of: first.value.range.start) == column(of: second.value.range.start)
            else { return "move its lines to the first" }
            let next = min(line.end + 1, source.bytes.count)
            return Fix(
                "write the key once, with all the lines",
                [Fix.Edit(SourceRange(line.start, next), "")]
            )
        default: return "write the key once"
        }
    }

    /// `inbound:` with lines that have no dashes.
    private func dashes(before first: YAMLEntry, _ second: YAMLEntry) -> Fix? {
        if first.key.hasPrefix("-") { return dashFix }
        let line = source.lineRange(of: first.keyRange.start)
        let hasDash = source.bytes[line.start..<first.keyRange.start].contains(UInt8(ascii: "-"))
        guard ["allow", "deny"].contains(first.key), !hasDash, column(of: first.keyRange.start) > 0 else {
            return nil
        }
        return dashesFix(from: first.keyRange)
    }
}
