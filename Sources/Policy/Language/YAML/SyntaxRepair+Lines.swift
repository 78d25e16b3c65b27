import Diagnostics

/// Guesses at lines that begin or end as in other files.
extension SyntaxRepair {
    private var reading: Reading { Reading(source: source, environment: PolicyEnvironment(folder: ".")) }

    /// `* allow: ssh`
    func bullets() -> Guess? {
        guard let fix = reading.bulletsFix, let first = fix.choices.first?.first?.range else { return nil }
        return Guess(message: "a line begins with a dash", range: first, fix: fix)
    }

    /// `// text`, `; text`
    func foreignComments() -> Guess? {
        let edits = source.lineStarts.compactMap { start -> Fix.Edit? in
            let text = source.bytes[start..<source.lineRange(of: start).end].drop { $0 == 0x20 }
            let marks = ["//", ";", "--", "%", "/*"].first { text.starts(with: $0.utf8) }
            guard let marks, !text.starts(with: "---".utf8) else { return nil }
            return Fix.Edit(SourceRange(text.startIndex, text.startIndex + marks.utf8.count), "#")
        }
        guard let first = edits.first?.range else { return nil }
        let fix = Fix("write # before a comment", edits, safety: .certain)
        return Guess(message: "a comment begins with #", range: first, fix: fix)
    }

    /// `[ssh, http],`, `"ssh";`
    func endOfLine() -> Guess? {
        for number in [errorLine, errorLine - 1] where number >= 1 {
            let end = lastText(ofLineAt: source.lineStarts[number - 1])
            guard end > 0, let mark = source.byte(end - 1),
                ",;})".utf8.contains(mark) || mark == UInt8(ascii: "]")
            else {
                continue
            }
            let range = SourceRange(end - 1, end)
            let text = String(Unicode.Scalar(mark))
            return Guess(
                message: "nothing stands after this value",
                range: range,
                fix: Fix("leave out the \(text)", [Fix.Edit(range, "")])
            )
        }
        return nil
    }

    /// `[ssh, http)`
    func closedOtherwise() -> Guess? {
        guard let context = error.context, let open = source.byte(context.offset) else { return nil }
        let closing = open == UInt8(ascii: "[") ? "]" : open == UInt8(ascii: "{") ? "}" : ""
        let end = lastText(ofLineAt: context.offset)
        guard !closing.isEmpty, let last = source.byte(end - 1), ")]}>".utf8.contains(last),
            end - 1 > context.offset
        else {
            return nil
        }
        let range = SourceRange(end - 1, end)
        return Guess(
            message: "this bracket is closed by another",
            range: range,
            fix: Fix("write \(closing)", [Fix.Edit(range, closing)])
        )
    }

    /// Lines at the left edge, without their section.
    func sectionKey() -> Guess? {
        let start = source.lineStarts[errorLine - 1]
        let text = source.bytes[start..<source.lineRange(of: start).end]
        guard text.starts(with: "- ".utf8), errorLine > 1 else { return nil }
        return Guess(
            message: "lines stand under `inbound:`, `outbound:` or `forward:`",
            range: SourceRange(start, start + text.count),
            fix: Fix("write inbound: before the lines", [.insertion("inbound:\n", at: start)])
        )
    }

    /// `  allow: http` in the column of the dashes, or where one was.
    func lostDash() -> Guess? {
        for number in linesAbove.prefix(8) where number > 1 {
            let text = firstText(ofLine: number)
            let word = String(decoding: source.bytes[text...].prefix(6), as: UTF8.self)
            guard word == "allow:" || word.hasPrefix("deny:") else { continue }
            let column = text - source.lineStarts[number - 1]
            let dashes = dashColumns(above: number).prefix(1) + dashColumns(below: number)
            for start in [column, column - 2] where dashes.contains(start) {
                let range = SourceRange(text - (column - start), text)
                let guess = Guess(
                    message: "a line begins with a dash",
                    range: SourceRange(text, text + 5),
                    fix: Fix("write - before it", [Fix.Edit(range, "- ")])
                )
                if end(of: guess) == nil { return guess }
            }
        }
        return nil
    }

    /// Where the first dash below stands, before the next section.
    private func dashColumns(below number: Int) -> [Int] {
        for line in number + 1..<max(number + 1, min(number + 12, source.lineStarts.count + 1)) {
            let text = firstText(ofLine: line)
            let column = text - source.lineStarts[line - 1]
            if source.byte(text) == UInt8(ascii: "-") { return [column] }
            if column == 0, source.byte(text).map({ $0 != UInt8(ascii: "\n") }) == true { break }
        }
        return []
    }

    /// A dash that is not in the column of those above, and what belongs to its line.
    func dashColumn() -> Guess? {
        for number in [errorLine, errorLine - 1] where number > 1 {
            let (start, text) = (source.lineStarts[number - 1], firstText(ofLine: number))
            guard source.byte(text) == UInt8(ascii: "-"), source.byte(text + 1) == 0x20 else { continue }
            for column in dashColumns(above: number) where column != text - start {
                var edits = [Fix.Edit(SourceRange(start, text), String(repeating: " ", count: column))]
                for below in number + 1..<source.lineStarts.count + 1 {
                    let (first, place) = (source.lineStarts[below - 1], firstText(ofLine: below))
                    guard place - first > text - start,
                        source.byte(place).map({ !"\r\n".utf8.contains($0) }) == true
                    else {
                        break
                    }
                    let moved = max(0, place - first + column - (text - start))
                    edits.append(Fix.Edit(SourceRange(first, place), String(repeating: " ", count: moved)))
                }
                let guess = Guess(
                    message: "this dash is not in the column of the others",
                    range: SourceRange(text, text + 1),
                    fix: Fix("begin the line in column \(column + 1)", edits)
                )
                if end(of: guess) == nil { return guess }
            }
        }
        return nil
    }

    /// Where the dashes of the lines above stand, the nearest first.
    private func dashColumns(above number: Int) -> [Int] {
        var columns: [Int] = []
        for line in (1..<number).reversed() {
            let text = firstText(ofLine: line)
            guard source.byte(text) == UInt8(ascii: "-") else { continue }
            let column = text - source.lineStarts[line - 1]
            if !columns.contains(column) { columns.append(column) }
            if columns.count == 4 { break }
        }
        return columns
    }

    /// `comment: web: the main site`
    func colonInText() -> Guess? {
        let line = source.lineRange(of: min(error.offset, source.bytes.count))
        guard let word = keyWord(errorLine), source.byte(word.end) == UInt8(ascii: ":") else { return nil }
        var start = word.end + 1
        while source.byte(start) == 0x20 { start += 1 }
        let end = lastText(ofLineAt: line.start)
        guard start < end, source.byte(start) != UInt8(ascii: "\"") else { return nil }
        let text = String(decoding: source.bytes[start..<end], as: UTF8.self)
        let range = SourceRange(start, end)
        let key = String(decoding: source.bytes[word.start..<word.end], as: UTF8.self)
        let services = ["allow", "deny"].contains(key) ? ServiceRepair.meanings(of: text, own: []) : []
        if let only = services.first, services.count == 1 {
            return Guess(
                message: "this is no service",
                range: range,
                fix: Fix("write \(Reading.inline(only))", [Fix.Edit(range, Reading.inline(only))])
            )
        }
        let quoted = YAMLText.quoted(text)
        return Guess(
            message: "a text with a colon in it stands between quotes",
            range: range,
            fix: Fix("write \(quoted)", [Fix.Edit(range, quoted)], safety: .certain)
        )
    }
}
