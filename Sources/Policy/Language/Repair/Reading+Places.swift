import Diagnostics

/// Where a value stands in the text, for edits that keep the rest as it is.
extension Reading {
    enum Place: Equatable {
        /// After the colon of its key.
        case value
        /// Between the brackets of a list.
        case flowElement
        /// After a dash, whose column (from 0) is given.
        case blockElement(column: Int)
    }

    func place(of node: YAMLNode) -> Place {
        var offset = node.range.start
        while offset > 0, Self.isBlank(source.bytes[offset - 1]) { offset -= 1 }
        guard offset > 0 else { return .value }
        switch source.bytes[offset - 1] {
        case UInt8(ascii: "["), UInt8(ascii: ","): return .flowElement
        case UInt8(ascii: "-"): return .blockElement(column: column(of: offset - 1))
        default: return .value
        }
    }

    /// In bytes from the start of the line.
    func column(of offset: Int) -> Int { offset - source.lineRange(of: offset).start }

    /// The key of the value that begins at an offset, when both stand on one line.
    func key(ofValueAt offset: Int) -> SourceRange? {
        let line = source.lineRange(of: offset)
        var end = offset
        while end > line.start, Self.isBlank(source.bytes[end - 1]) { end -= 1 }
        guard end > line.start, source.bytes[end - 1] == UInt8(ascii: ":") else { return nil }
        end -= 1
        var start = end
        while start > line.start, Self.isKeyByte(source.bytes[start - 1]) { start -= 1 }
        return start < end ? SourceRange(start, end) : nil
    }

    /// Takes a key and its value out of their mapping; nil where the mapping would not stay one.
    func removal(ofEntryAt value: YAMLNode) -> Fix.Edit? {
        guard let key = key(ofValueAt: value.range.start) else { return nil }
        return removal(from: key.start, to: value.range.end)
    }

    func removal(of entry: YAMLEntry) -> Fix.Edit? {
        removal(from: entry.keyRange.start, to: max(entry.value.range.end, entry.keyRange.end + 1))
    }

    private func removal(from start: Int, to end: Int) -> Fix.Edit? {
        let bytes = source.bytes
        let line = source.lineRange(of: start)
        var (before, after) = (start, end)
        while before > line.start, Self.isBlank(bytes[before - 1]) { before -= 1 }
        while after < bytes.count, Self.isBlank(bytes[after]) { after += 1 }
        let endsLine = after >= bytes.count || "\r\n#".utf8.contains(bytes[after])
        if before == line.start, endsLine {
            let last = source.lineNumber(of: end)
            let next = last < source.lineStarts.count ? source.lineStarts[last] : bytes.count
            return Fix.Edit(SourceRange(line.start, next), "")
        }
        if before > line.start, bytes[before - 1] == UInt8(ascii: ",") {
            return Fix.Edit(SourceRange(before - 1, end), "")
        }
        if after < bytes.count, bytes[after] == UInt8(ascii: ",") {
            while after + 1 < bytes.count, Self.isBlank(bytes[after + 1]) { after += 1 }
            return Fix.Edit(SourceRange(start, after + 1), "")
        }
        return nil
    }

    /// Takes an element of a list out; nil where the list would be empty.
    func removal(ofElement node: YAMLNode) -> Fix.Edit? {
        guard case .blockElement(let column) = place(of: node) else { return nil }
        let first = source.lineRange(of: node.range.start)
        let isAlone = source.bytes[first.start..<first.start + column].allSatisfy(Self.isBlank)
        guard isAlone, hasSibling(atColumn: column, of: node) else { return nil }
        let last = source.lineNumber(of: max(node.range.start, node.range.end - 1))
        let next = last < source.lineStarts.count ? source.lineStarts[last] : source.bytes.count
        return Fix.Edit(SourceRange(first.start, next), "")
    }

    /// Another dash stands in the column of this one, with nothing further left between them.
    func hasSibling(atColumn column: Int, of node: YAMLNode) -> Bool {
        let number = source.lineNumber(of: node.range.start)
        for (lines, step) in [(1..<number, -1), (number + 1..<source.lineStarts.count + 1, 1)] {
            for line in step < 0 ? Array(lines.reversed()) : Array(lines) {
                let text = Array(source.line(line).utf8)
                let indentation = text.prefix(while: Self.isBlank).count
                if indentation == text.count || text[indentation] == UInt8(ascii: "#") { continue }
                if indentation < column || indentation == column && text[indentation] != UInt8(ascii: "-") {
                    break
                }
                if indentation == column { return true }
            }
        }
        return false
    }

    /// `-allow:`, on every such line.
    var unspacedDashes: [Int] {
        source.lineStarts.compactMap { start in
            var place = start
            while place < source.bytes.count, Self.isBlank(source.bytes[place]) { place += 1 }
            guard place + 1 < source.bytes.count, source.bytes[place] == UInt8(ascii: "-"),
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(source.bytes[place + 1])
            else { return nil }
            return place
        }
    }

    /// `-- allow:`, on every such line.
    var doubleDashFix: Fix {
        let edits = source.lineStarts.compactMap { start -> Fix.Edit? in
            let line = source.bytes[start..<source.lineRange(of: start).end]
            let text = line.drop(while: Self.isBlank)
            guard text.starts(with: "--".utf8), text.dropFirst(2).first.map(Self.isBlank) == true else {
                return nil
            }
            return Fix.Edit(SourceRange(text.startIndex, text.startIndex + 2), "-")
        }
        return Fix("write one dash", edits, safety: .certain)
    }

    /// `* allow:`, `+ allow:` and `1. allow:`, on every such line; nil where there is none.
    var bulletsFix: Fix? {
        let edits = (1...source.lineStarts.count).compactMap { number -> Fix.Edit? in
            let line = source.line(number)
            let blanks = line.prefix { $0 == " " }
            guard
                let match = line.dropFirst(blanks.count).prefixMatch(
                    of: /(?:[*+•]|[0-9]+[.)])(?= *(?:allow|deny)\b)/
                )
            else { return nil }
            let start = source.lineStarts[number - 1] + blanks.utf8.count
            return Fix.Edit(SourceRange(start, start + match.0.utf8.count), "-")
        }
        return edits.isEmpty ? nil : Fix("write - before each line", edits, safety: .certain)
    }

    var dashFix: Fix {
        Fix(
            "write a blank after the dash",
            unspacedDashes.map { .insertion(" ", at: $0 + 1) },
            safety: .certain
        )
    }

    /// Dashes before the lines of a section that has none; what belongs to a line goes further in with it.
    func dashesFix(from first: SourceRange) -> Fix {
        let column = column(of: first.start)
        var edits: [Fix.Edit] = []
        for number in source.lineNumber(of: first.start)...source.lineStarts.count {
            let start = source.lineStarts[number - 1]
            let text = source.bytes[start..<source.lineRange(of: start).end]
            let indentation = text.prefix(while: Self.isBlank).count
            if indentation == text.count { continue }
            if indentation < column { break }
            let word = text.dropFirst(indentation)
            let begins = indentation == column && ["allow:", "deny:"].contains { word.starts(with: $0.utf8) }
            edits.append(.insertion(begins ? "- " : "  ", at: start + (begins ? column : 0)))
        }
        return Fix("write - before each line", edits)
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}
