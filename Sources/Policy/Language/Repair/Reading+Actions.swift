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

    /// A part of the line above that has a dash of its own.
    func strayDashFix(_ node: YAMLNode) -> Fix? {
        guard case .blockElement(let column) = place(of: node), node.entry("reject") == nil else {
            return nil
        }
        let number = source.lineNumber(of: node.range.start)
        let above = (1..<number).reversed().lazy.map { self.source.line($0) }.first { line in
            line.prefix { $0 == " " }.count == column && line.dropFirst(column).hasPrefix("-")
        }
        // A deny would hold for less than it did.
        guard above?.dropFirst(column).hasPrefix("- allow") == true else { return nil }
        let dash = source.lineRange(of: node.range.start).start + column
        return Fix(
            "write a blank in the place of the dash: it belongs to the line above",
            [Fix.Edit(SourceRange(dash, dash + 1), " ")]
        )
    }

    /// `allow: established`, `state: related`: replies are no lines. Returns whether there was something to report.
    mutating func reportStateLine(_ node: YAMLNode) -> Bool {
        guard case .mapping(let entries) = node.content else { return false }
        let states: Set<String> = ["established", "related", "established,related", "related,established"]
        let found = entries.first { entry in
            ["allow", "state", "states", "ctstate", "ct", "connection", "conntrack"].contains(
                entry.key.lowercased()
            )
                && states.contains(
                    Self.words(of: entry.value).lowercased().split { ", ".contains($0) }.joined(
                        separator: ","
                    )
                )
        }
        let isLoopback =
            entries.count == 1
            && ["lo", "loopback", "localhost"].contains(node.entry("allow")?.value.scalar?.text)
        guard let entry = found ?? (isLoopback ? entries.first : nil) else { return false }
        let name = isLoopback ? "loopback" : "established"
        guard services.states[Self.words(of: entry.value)] == nil else { return false }
        report(
            "policy.line.needless",
            isLoopback ? "what stays on this host always passes" : "replies always pass",
            at: entry.value.range,
            notes: ["`\(name)` is a part of the baseline, not a line"],
            fix: Fix("remove the line", choices: removal(ofElement: node).map { [[$0]] } ?? [])
        )
        return true
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
        let isLast =
            if case .mapping(let entries) = node.content { entries.last?.key == "deny" } else { true }
        if isLast, let allow, let deny, allow.subtracting(deny).isEmpty {
            let choices = [allowEntry, denyEntry].map { entry in
                removal(of: entry).map { [$0] } ?? replacement(of: entry, by: denyEntry)
            }
            return Fix(
                "remove `allow` or `deny`: together they admit nothing",
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
            let join = [Fix.Edit(first.value.range, list), gone]
            guard let dash = lostDash(before: second) else { return Fix("write \(first.key): \(list)", join) }
            return Fix(
                "write - \(second.key): \(texts[1]), or \(first.key): \(list)",
                choices: [[dash], join]
            )
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

    /// The dash that an action may have lost to a blank.
    private func lostDash(before second: YAMLEntry) -> Fix.Edit? {
        let start = second.keyRange.start
        let line = source.lineRange(of: start).start
        guard ["allow", "deny"].contains(second.key), start - line >= 2,
            source.bytes[line..<start].allSatisfy({ $0 == 0x20 })
        else { return nil }
        return Fix.Edit(SourceRange(start - 2, start), "- ")
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
