package import Diagnostics
package import PacketModel

/// Reads a save file as iptables-restore does, and finds all its errors (the tool stops at the first).
package struct SaveFileReader {
    let source: SourceFile
    let family: IPFamily
    let names: NameDatabase
    private var file = SaveFile()
    private var diagnostics: [Diagnostic] = []
    private var comments: [SourceRange] = []
    private var lostComment: SourceRange?
    /// The table that is open; one without a name that iptables knows is read over.
    private var open: (table: SaveTable?, range: SourceRange)?
    /// The lines of one table alone, without `*TABLE` and COMMIT.
    private var isListing = false
    /// Lines that are in no table.
    private var outside: [SourceRange] = []
    /// The COMMIT below them.
    private var outsideCommit: SourceRange?
    private var hasCarriageReturns = false
    /// The tool forgets them at the end of no table.
    private var namesakes: Set<String> = []
    /// The lines (from 1) with parts that nobody knows, and these parts as they are written.
    private let openLines: [Int: [String]]

    /// The whole text, or the lines of a part of it.
    ///
    /// - Parameter table: the lines are those of this table, with none of those around them.
    package static func read(
        _ source: SourceFile,
        in range: SourceRange? = nil,
        of table: BuiltInTable? = nil,
        open: [Int: [String]] = [:],
        family: IPFamily,
        names: NameDatabase
    ) -> (file: SaveFile, diagnostics: [Diagnostic]) {
        var reader = SaveFileReader(source: source, open: open, family: family, names: names)
        let whole = range ?? SourceRange(0, source.bytes.count)
        if let table {
            reader.isListing = true
            reader.open = (SaveTable(table: table, comments: [], range: whole), whole)
        }
        reader.readAll(in: whole)
        return (reader.file, reader.diagnostics)
    }

    private init(source: SourceFile, open: [Int: [String]], family: IPFamily, names: NameDatabase) {
        self.source = source
        openLines = open
        self.family = family
        self.names = names
    }

    /// The buffer of the tool, with the end of the line and its terminator.
    private static let longestLine = 10_238

    private mutating func readAll(in range: SourceRange) {
        for index in (source.lineNumber(of: range.start) - 1)..<source.lineStarts.count {
            let start = source.lineStarts[index]
            let isLast = index + 1 == source.lineStarts.count
            let end = min(isLast ? source.bytes.count : source.lineStarts[index + 1], range.end)
            guard start < end else { continue }
            do throws(Refusal) {
                guard end - start <= Self.longestLine + 1 else {
                    let range = SourceRange(start, start + Self.longestLine)
                    throw Refusal("save.line.long", "a line has at most \(Self.longestLine) bytes", at: range)
                }
                try readLine(start, end)
            } catch {
                report(error, in: SourceRange(start, end))
            }
        }
        if isListing, let table = open?.table {
            file.tables.append(table)
        } else if let open {
            report(
                Refusal("save.commit", "the table has no COMMIT", fix: commitFix),
                in: open.range
            )
        }
        reportOutside()
        file.trailingComments = comments
        if let lostComment {
            report(
                Refusal(
                    "save.comment",
                    "comments within a table are not kept: iptables-save has no place for them"
                ),
                in: lostComment,
                severity: .warning
            )
        }
    }

    private var commitFix: Fix {
        let isOpen = source.bytes.last != Ascii.newline
        let end = Fix.Edit.insertion((isOpen ? "\n" : "") + "COMMIT\n", at: source.bytes.count)
        return Fix("write COMMIT below it", [end], safety: .certain)
    }

    /// However many they are, they have one reason.
    private mutating func reportOutside() {
        guard let first = outside.first, let last = outside.last else { return }
        let isListing = file.tables.isEmpty && open == nil && outside.allSatisfy { isListed($0) }
        let table =
            outside.contains { range in
                let line = String(decoding: source.bytes[range.start..<range.end], as: UTF8.self)
                return line.hasPrefix("-P PREROUTING") || line.hasPrefix("-P POSTROUTING")
            } ? "nat" : "filter"
        let isOpen = last.end >= source.bytes.count
        let start = Fix.Edit.insertion("*\(table)\n", at: first.start)
        let fix =
            outsideCommit != nil
            ? Fix("write *\(table) above it", [start])
            : Fix(
                "write *\(table) above it and COMMIT below the last",
                [
                    start,
                    .insertion(
                        isOpen ? "\nCOMMIT\n" : "COMMIT\n",
                        at: isOpen ? last.end : nextLine(after: last)
                    ),
                ]
            )
        let count = outside.count
        let message =
            isListing
            ? "this is what iptables -S prints, not a save file"
            : count == 1 ? "the line is in no table" : "this line and \(count - 1) below it are in no table"
        report(Refusal(isListing ? "save.listing" : "save.outside", message, fix: fix), in: first)
    }

    private func nextLine(after range: SourceRange) -> Int {
        let number = source.lineNumber(of: range.start)
        return number < source.lineStarts.count ? source.lineStarts[number] : source.bytes.count
    }

    private func isListed(_ range: SourceRange) -> Bool {
        let start = source.bytes[range.start..<range.end].prefix(3)
        return ["-P ", "-N ", "-A "].contains { start.elementsEqual($0.utf8) }
    }

    private mutating func readLine(_ start: Int, _ end: Int) throws(Refusal) {
        let bytes = source.bytes
        let textEnd = source.lineRange(of: start).end
        let first = bytes[start]
        if first == Ascii.newline || (hasCarriageReturns && textEnd == start) { return }
        if first == Ascii.hash {
            if open == nil {
                comments.append(SourceRange(start, textEnd))
            } else if lostComment == nil {
                lostComment = SourceRange(start, textEnd)
            }
            return
        }
        if first == Ascii.star, open == nil { return try openTable(start, textEnd) }
        guard open != nil else {
            if !outside.isEmpty, isCommit(start, hasCarriageReturns ? textEnd : end) {
                outsideCommit = SourceRange(start, textEnd)
                return
            }
            outside.append(SourceRange(start, textEnd))
            return
        }
        let lineEnd = hasCarriageReturns ? textEnd : end
        if isCommit(start, lineEnd) {
            if var table = open?.table {
                table.range = SourceRange(table.range.start, textEnd)
                file.tables.append(table)
            }
            open = nil
            return
        }
        guard let table = open?.table?.table else { return }
        let command =
            first == Ascii.colon
            ? try declaration(start, textEnd) : try self.command(start, lineEnd, in: table)
        // In place: a copy of the table would take its commands with it, line after line.
        if let command { open?.table?.commands.append(command) }
    }

    private func isCommit(_ start: Int, _ end: Int) -> Bool {
        let line = source.bytes[start..<end]
        let text = line.last == Ascii.newline ? line.dropLast() : line
        return text.elementsEqual("COMMIT".utf8)
    }

    private mutating func openTable(_ start: Int, _ end: Int) throws(Refusal) {
        if end < source.bytes.count, source.bytes[end] == Ascii.carriageReturn {
            hasCarriageReturns = true
            report(
                Refusal(
                    "save.line.end",
                    "the lines end with CR LF, which iptables-restore takes for part of the last word",
                    fix: Fix(
                        "remove them, as tr -d '\\r' does",
                        source.bytes.indices.filter { source.bytes[$0] == Ascii.carriageReturn }.map {
                            Fix.Edit(SourceRange($0, $0 + 1), "")
                        },
                        safety: .certain
                    )
                ),
                in: SourceRange(start, end)
            )
        }
        let name = blankSeparated(start + 1, end).first ?? Word([], SourceRange(start, start + 1))
        open = (nil, SourceRange(start, end))
        guard let table = BuiltInTable(rawValue: name.text) else {
            throw Refusal(
                "save.table.unknown",
                "iptables has no table \(name.text.isEmpty ? "without a name" : name.text)",
                fix: NearestSpelling.fix(for: name.text, among: BuiltInTable.allCases.map(\.rawValue)),
                at: name.range
            )
        }
        open?.table = SaveTable(table: table, comments: comments, range: SourceRange(start, end))
        comments = []
    }

    /// `:CHAIN POLICY [packets:bytes]`; the counters are looked at only where they are numbers.
    private mutating func declaration(_ start: Int, _ end: Int) throws(Refusal) -> Command {
        let words = blankSeparated(start + 1, end)
        guard let chain = words.first else { throw Refusal("save.chain", "the chain has no name") }
        guard words.count > 1 else {
            throw Refusal(
                "save.chain.policy",
                "the chain has no policy",
                fix: policyFix(chain),
                at: chain.range
            )
        }
        if BuiltInChain(rawValue: chain.text) == nil { try ChainName.checkNew(chain) }
        if ExtensionRegistry.target(chain.text, family) != nil { namesakes.insert(chain.text) }
        let counters = words.count > 2 ? Counters(bracketed: words[2].bytes) : nil
        return Command(
            action: .declare(chain: chain.text, policy: words[1].text, counters),
            range: SourceRange(start, end),
            chainRange: chain.range
        )
    }

    private func policyFix(_ chain: Word) -> Fix {
        let isBuiltIn = BuiltInChain(rawValue: chain.text) != nil
        let policy = Fix.Edit.insertion(isBuiltIn ? " DROP [0:0]" : " - [0:0]", at: chain.range.end)
        return Fix(isBuiltIn ? "write DROP" : "write - for a chain of your own", [policy])
    }

    private mutating func command(
        _ start: Int,
        _ end: Int,
        in table: BuiltInTable
    ) throws(Refusal) -> Command? {
        var (begin, counters): (Int, Counters?) = (start, nil)
        if source.bytes[start] == Ascii.bracket {
            let line = source.bytes[start..<end]
            guard let close = line.firstIndex(of: Ascii.closingBracket), close > start + 1,
                line[start..<close].contains(Ascii.colon)
            else {
                throw Refusal("save.counters", "the counters are not closed", fix: "write [packets:bytes]")
            }
            counters = Counters(bracketed: Array(line[start...close]))
            begin = close + 1
        }
        let words = try WordSplitter.words(source.bytes, begin, end)
        if !openLines.isEmpty, let unknowns = openLines[source.lineNumber(of: start)] {
            return try openCommand(words, unknowns, in: context(of: table))
        }
        let context = context(of: table)
        var reader = CommandReader(words, context, counters: counters)
        defer { for warning in reader.warnings { report(warning, in: reader.range, severity: .warning) } }
        return try reader.read()
    }

    private func context(of table: BuiltInTable) -> ReadingContext {
        var context = ReadingContext(family: family, table: table.rawValue, chain: "", names: names)
        context.namesakes = namesakes
        return context
    }

    /// A rule of which some words are not known is kept as it is.
    private func openCommand(
        _ words: [Word],
        _ unknowns: [String],
        in context: ReadingContext
    ) throws(Refusal) -> Command {
        let range = SourceRange(words.first?.range.start ?? 0, words.last?.range.end ?? 0)
        let known = words.map { word in
            PartlyKnownWord(
                text: word.text,
                unknowns: unknowns.filter { word.text.contains($0) },
                range: word.range
            )
        }
        let reader = PartlyKnownReader(known, range: range)
        let chains = Set(open?.table?.commands.compactMap(\.declaredChain) ?? [])
        guard !reader.hasUnknownPlace,
            let (command, _) = try reader.command(
                known,
                context,
                isCommandLine: false,
                chains: chains.contains
            )
        else {
            throw Refusal(
                "command.open",
                "\(unknowns.joined(separator: ", ")) is not known, and so what the line does to the rules",
                at: range
            )
        }
        return command
    }

    private func blankSeparated(_ start: Int, _ end: Int) -> [Word] {
        source.bytes[start..<end].split { $0 == Ascii.space || $0 == Ascii.tab }.map {
            Word(Array($0), SourceRange($0.startIndex, $0.endIndex))
        }
    }

    private mutating func report(
        _ refusal: Refusal,
        in range: SourceRange,
        severity: Diagnostic.Severity = .error
    ) {
        diagnostics.append(refusal.diagnostic(in: source, range, severity: severity))
    }
}

extension Command {
    /// The chain that it makes.
    fileprivate var declaredChain: String? {
        switch action {
        case .declare(let chain, _, _), .newChain(let chain): chain
        default: nil
        }
    }
}

extension Counters {
    /// `[12:34]`; nil when these are no numbers.
    init?(bracketed bytes: [UInt8]) {
        let inner = bytes.dropFirst().prefix { $0 != Ascii.closingBracket }
        let parts = inner.split(separator: Ascii.colon, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let packets = Self.number(parts[0]), let octets = Self.number(parts[1])
        else { return nil }
        self.init(packets: packets, bytes: octets)
    }
}
