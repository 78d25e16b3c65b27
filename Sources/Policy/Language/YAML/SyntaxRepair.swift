import Diagnostics

/// Edits that make YAML of a text that is none, tried one after the other.
struct SyntaxRepair {
    let source: SourceFile
    let error: YAMLEvents.SyntaxError

    /// A guess at what is wrong.
    struct Guess {
        let message: String
        let range: SourceRange
        let fix: Fix
    }

    /// The first guess whose edits make YAML of the text, else the first that brings the parser further.
    func guess() -> Guess? {
        let guesses = [
            unspacedColon, missingColon, closedOtherwise, openBracket, openQuote, unspacedDash, bullets,
            listOnLineOfKey, star, mark, foreignComments, endOfLine, sectionKey, lostDash, dashColumn,
            indentation,
            colonInText,
        ].compactMap { $0() }
        return guesses.first { end(of: $0) == nil } ?? guesses.first { (end(of: $0) ?? 0) > error.offset + 8 }
    }

    /// Where the parser stops after the edits; nil when it reads all of it.
    func end(of guess: Guess) -> Int? {
        guard let edits = guess.fix.choices.first, let edited = source.applying(edits) else { return 0 }
        var events = YAMLEvents(edited.bytes)
        do throws(YAMLEvents.SyntaxError) {
            while true {
                if case .streamEnd = try events.next().event { return nil }
            }
        } catch {
            return error.offset
        }
    }

    var errorLine: Int { source.lineNumber(of: min(error.offset, source.bytes.count)) }

    /// The lines above the error and its own, the nearest first.
    var linesAbove: [Int] { Array((1...errorLine).reversed()) }

    /// `allow:ssh`
    private func unspacedColon() -> Guess? {
        for number in linesAbove {
            guard let word = keyWord(number), let colon = source.byte(word.end), colon == UInt8(ascii: ":"),
                let next = source.byte(word.end + 1), !" \t\r\n".utf8.contains(next)
            else { continue }
            return Guess(
                message: "a colon has a blank after it",
                range: SourceRange(word.start, word.end + 1),
                fix: Fix(
                    "write a blank after the colon",
                    [.insertion(" ", at: word.end + 1)],
                    safety: .certain
                )
            )
        }
        return nil
    }

    /// `inbound`, `wallwright 1`
    private func missingColon() -> Guess? {
        for number in linesAbove {
            guard let word = keyWord(number), let next = source.byte(word.end), next != UInt8(ascii: ":")
            else { continue }
            let rest = source.bytes[word.end..<source.lineRange(of: word.start).end]
            let mark = rest.first { $0 != 0x20 }
            let equals = mark.flatMap { "=;".utf8.contains($0) ? rest.firstIndex(of: $0) : nil }
            let place = SourceRange(word.end, equals.map { $0 + 1 } ?? word.end)
            return Guess(
                message: "a key has a colon after it",
                range: word,
                fix: Fix("write `\(text(word)):`", [Fix.Edit(place, ":")], safety: .certain)
            )
        }
        return nil
    }

    /// `[ssh, http`
    private func openBracket() -> Guess? {
        guard let context = error.context, let open = source.byte(context.offset) else { return nil }
        let closing = open == UInt8(ascii: "[") ? "]" : open == UInt8(ascii: "{") ? "}" : ""
        guard !closing.isEmpty else { return nil }
        let end = lastText(ofLineAt: context.offset)
        return Guess(
            message: "this bracket is not closed",
            range: SourceRange(context.offset, context.offset + 1),
            fix: Fix("write \(closing) at the end of the line", [.insertion(closing, at: end)])
        )
    }

    private func openQuote() -> Guess? {
        guard let context = error.context, let quote = source.byte(context.offset),
            quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        else { return nil }
        let mark = String(Unicode.Scalar(quote))
        let last = lastText(ofLineAt: context.offset) - 1
        if last > context.offset, let other = source.byte(last), "\"'`".utf8.contains(other), other != quote {
            let range = SourceRange(last, last + 1)
            return Guess(
                message: "this quote is closed by another",
                range: range,
                fix: Fix("write \(mark)", [Fix.Edit(range, mark)])
            )
        }
        return Guess(
            message: "this quote is not closed",
            range: SourceRange(context.offset, context.offset + 1),
            fix: Fix("write \(mark) at the end", [.insertion(mark, at: lastText(ofLineAt: context.offset))])
        )
    }

    /// `-allow: ssh`, on every such line.
    private func unspacedDash() -> Guess? {
        let reading = Reading(source: source, environment: PolicyEnvironment(folder: "."))
        guard let first = reading.unspacedDashes.first else { return nil }
        let message = "the dash of a line has a blank after it"
        return Guess(message: message, range: SourceRange(first, first + 1), fix: reading.dashFix)
    }

    /// `inbound: - allow: ssh`
    private func listOnLineOfKey() -> Guess? {
        let line = source.lineRange(of: error.offset)
        let bytes = source.bytes[line.start..<line.end]
        guard
            let dash = bytes.indices.first(where: { place in
                bytes[place] == UInt8(ascii: "-") && source.byte(place + 1) == 0x20
                    && bytes[line.start..<place].contains(UInt8(ascii: ":"))
            })
        else { return nil }
        var start = dash
        while start > line.start, bytes[start - 1] == 0x20 { start -= 1 }
        let indentation = String(repeating: " ", count: firstText(ofLine: errorLine) - line.start + 2)
        return Guess(
            message: "a list begins on a line of its own",
            range: SourceRange(dash, dash + 1),
            fix: Fix(
                "begin a new line before the dash",
                [Fix.Edit(SourceRange(start, dash), "\n" + indentation)]
            )
        )
    }

    /// `allow: *`
    private func star() -> Guess? {
        guard
            let place = [error.context?.offset, error.offset].compactMap(\.self).first(where: {
                source.byte($0) == UInt8(ascii: "*")
            }), let word = keyWord(source.lineNumber(of: place))
        else { return nil }
        let range = SourceRange(place, place + 1)
        guard ["allow", "deny"].contains(text(word)) else { return nil }
        return Guess(
            message: "every service is called `any`",
            range: range,
            fix: Fix("write any", [Fix.Edit(range, "any")])
        )
    }

    /// `@lan`, as nft calls its sets.
    private func mark() -> Guess? {
        guard let byte = source.byte(error.offset), "@$`%".utf8.contains(byte) else { return nil }
        let range = SourceRange(error.offset, error.offset + 1)
        let mark = String(Unicode.Scalar(byte))
        return Guess(
            message: "no value begins with \(mark)",
            range: range,
            fix: Fix("leave out the \(mark)", [Fix.Edit(range, "")])
        )
    }

    /// A key that is not in the column of the other keys of its line, and those below it that are as far in.
    private func indentation() -> Guess? {
        for number in [errorLine, errorLine - 1] where number > 1 {
            let (start, text) = (source.lineStarts[number - 1], firstText(ofLine: number))
            guard source.byte(text).map({ !"\r\n#-".utf8.contains($0) }) == true else { continue }
            for column in columns(above: number, for: keyWord(number)) where column != text - start {
                var edits: [Fix.Edit] = []
                for below in number...source.lineStarts.count {
                    let place = firstText(ofLine: below)
                    guard place - source.lineStarts[below - 1] == text - start,
                        source.byte(place) != UInt8(ascii: "-")
                    else { break }
                    let blanks = SourceRange(source.lineStarts[below - 1], place)
                    edits.append(Fix.Edit(blanks, String(repeating: " ", count: column)))
                }
                let guess = Guess(
                    message: "this line is not in the column of those that it belongs to",
                    range: SourceRange(text, source.lineRange(of: text).end),
                    fix: Fix("begin it in column \(column + 1)", edits)
                )
                if end(of: guess) == nil { return guess }
            }
        }
        return nil
    }

    /// Where the keys of the lines above begin, the nearest first; sections begin where the first key does.
    private func columns(above number: Int, for word: SourceRange?) -> [Int] {
        if let word, Self.sections.contains(text(word)) {
            let first = (1..<number).first { line in
                source.byte(firstText(ofLine: line)).map { !"\r\n#-".utf8.contains($0) } == true
            }
            return first.map { [firstText(ofLine: $0) - source.lineStarts[$0 - 1]] } ?? []
        }
        var columns: [Int] = []
        for line in (1..<number).reversed() {
            let text = firstText(ofLine: line)
            guard let byte = source.byte(text), !"\r\n#".utf8.contains(byte) else { continue }
            let column = text - source.lineStarts[line - 1] + (byte == UInt8(ascii: "-") ? 2 : 0)
            if !columns.contains(column) { columns.append(column) }
            if columns.count == 4 { break }
        }
        return columns
    }
}

/// Places in lines.
extension SyntaxRepair {
    func firstText(ofLine number: Int) -> Int {
        var place = source.lineStarts[number - 1]
        while source.byte(place) == 0x20 { place += 1 }
        return place
    }

    /// After the last letter of a line, before its comment.
    func lastText(ofLineAt offset: Int) -> Int {
        let line = source.lineRange(of: offset)
        var end = line.end
        for place in offset..<line.end
        where source.bytes[place] == UInt8(ascii: "#") && source.byte(place - 1) == 0x20 {
            end = place
            break
        }
        while end > offset + 1, source.bytes[end - 1] == 0x20 { end -= 1 }
        return end
    }

    /// The first word of a line, after a dash, when the language has a key of this name.
    func keyWord(_ number: Int) -> SourceRange? {
        var start = firstText(ofLine: number)
        if source.byte(start) == UInt8(ascii: "-"), source.byte(start + 1) == 0x20 {
            start += 2
            while source.byte(start) == 0x20 { start += 1 }
        }
        var end = start
        while let byte = source.byte(end),
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
        {
            end += 1
        }
        let range = SourceRange(start, end)
        return Self.keys.contains(text(range)) ? range : nil
    }

    private func text(_ range: SourceRange) -> String {
        String(decoding: source.bytes[range.start..<range.end], as: UTF8.self)
    }

    /// The keys of a policy that no line has.
    private static let sections = Set(PolicyDraft.keys.keys.map(\.name)).subtracting(["log"])

    private static let keys = Set(
        PolicyDraft.keys.keys.map(\.name)
            + Direction.allCases.flatMap { LineDraft.keys(for: $0).keys.map(\.name) }
    )
}

extension SourceFile {
    func byte(_ offset: Int) -> UInt8? { bytes.indices.contains(offset) ? bytes[offset] : nil }
}
