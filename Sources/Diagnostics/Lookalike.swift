/// A letter that looks like one that a language knows, copied from a web page or a word processor.
package struct Lookalike {
    let range: SourceRange
    /// As Unicode calls it: `a no-break space (U+00A0)`.
    let name: String
    /// What was meant.
    let text: String

    /// Errors that such letters are the reason of are told as that, once for each line.
    ///
    /// - Parameters:
    ///   - longDash: what a dash before a word of several letters stands for
    ///   - read: the errors of the text without such letters; only what is gone there was because of them
    package static func explain(
        _ diagnostics: [Diagnostic],
        in source: SourceFile,
        code: String,
        longDash: String,
        read: (SourceFile) -> [Diagnostic]
    ) -> [Diagnostic] {
        guard diagnostics.hasErrors, source.bytes.contains(where: { $0 >= 0x80 }) else { return diagnostics }
        let found = (1...source.lineStarts.count).map { all(inLine: $0, of: source, longDash) }.filter {
            !$0.isEmpty
        }
        let edits = found.joined().map { Fix.Edit($0.range, $0.text) }
        guard !edits.isEmpty, let plain = source.applying(edits) else { return diagnostics }
        var left: [String: Int] = [:]
        for diagnostic in read(plain) where diagnostic.severity == .error {
            left["\(diagnostic.code) \(diagnostic.message)", default: 0] += 1
        }
        var kept: [Diagnostic] = []
        for diagnostic in diagnostics {
            let key = "\(diagnostic.code) \(diagnostic.message)"
            if diagnostic.severity == .error, left[key, default: 0] == 0 { continue }
            if diagnostic.severity == .error { left[key, default: 0] -= 1 }
            kept.append(diagnostic)
        }
        if kept.count == diagnostics.count { return diagnostics }
        return kept + found.map { diagnostic(of: $0, in: source, code: code) }
    }

    private static func diagnostic(of letters: [Lookalike], in source: SourceFile, code: String) -> Diagnostic
    {
        let first = letters[0]
        let (meant, written): (String, String) =
            switch first.text {
            case "": ("and nothing is needed here", "remove it")
            case " ": ("not a blank", "write a blank")
            default: ("not \(first.text)", "write \(first.text)")
            }
        let others = letters.count == 1 ? "" : ", and correct \(letters.count - 1) more on this line"
        return Diagnostic(
            code: code,
            "this is \(first.name), \(meant)",
            at: .init(source, first.range),
            notes: ["web pages and word processors put such letters into what is copied from them"],
            fix: Fix(written + others, letters.map { Fix.Edit($0.range, $0.text) }, safety: .certain)
        )
    }

    /// Those of one line, without its comment.
    private static func all(inLine number: Int, of source: SourceFile, _ longDash: String) -> [Lookalike] {
        let line = source.lineRange(of: source.lineStarts[number - 1])
        var offset = line.start
        var found: [Lookalike] = []
        let scalars = Array(
            String(decoding: source.bytes[line.start..<line.end], as: UTF8.self).unicodeScalars
        )
        for (place, scalar) in scalars.enumerated() {
            let isFirst = place == 0 || scalars[place - 1].properties.isWhitespace
            if scalar == "#", isFirst { break }
            let end = offset + UTF8.width(scalar)
            if let text = meant(by: scalar) {
                let word = scalars[(place + 1)...].prefix { $0.properties.isAlphabetic }
                let isLong = text == "-" && word.count > 1 && isFirst
                let hex = String(scalar.value, radix: 16, uppercase: true)
                let called = scalar.properties.name?.lowercased() ?? "letter"
                let article = "aeiou".contains(called.prefix(1)) ? "an" : "a"
                let code = String(repeating: "0", count: max(0, 4 - hex.count)) + hex
                found.append(
                    Lookalike(
                        range: SourceRange(offset, end),
                        name: "\(article) \(called) (U+\(code))",
                        text: isLong ? longDash : text
                    )
                )
            }
            offset = end
        }
        return found
    }

    private static func meant(by scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: " "
        case 0x200B, 0x200C, 0x2060, 0xFEFF: ""
        case 0x2010...0x2015, 0x2212, 0xFE58, 0xFF0D: "-"
        case 0x2018...0x201B, 0x2032, 0xFF07: "'"
        case 0x201C...0x201F, 0x2033, 0xFF02: "\""
        case 0xFF1A: ":"
        case 0xFF0C: ","
        case 0xFF0F: "/"
        default: nil
        }
    }
}
