/// `cut -d MARK -f LIST`, `cut -c LIST`
struct CutTool: TextTool {
    let files: [ShellText]
    private let mark: UInt8
    private let between: [UInt8]
    private let ranges: [ClosedRange<Int>]
    private let isFields: Bool
    private let onlyMarked: Bool

    init?(_ arguments: [ShellText]) {
        let long: [String: Character] = [
            "delimiter": "d", "fields": "f", "characters": "c", "bytes": "b", "only-delimited": "s",
            "output-delimiter": "O",
        ]
        guard let words = ToolWords(arguments, "d:f:c:b:sO:", long: long), words.operands.count <= 1,
            let list = words.value("f") ?? words.value("c") ?? words.value("b"),
            let ranges = Self.ranges(list)
        else { return nil }
        let mark = words.has("d") ? Array((words.value("d") ?? "").utf8) : [9]
        guard mark.count == 1 else { return nil }
        self.mark = mark[0]
        between = words.value("O").map { Array($0.utf8) } ?? mark
        (files, self.ranges, isFields, onlyMarked) = (words.operands, ranges, words.has("f"), words.has("s"))
    }

    /// `1,3-5,7-`
    private static func ranges(_ list: String) -> [ClosedRange<Int>]? {
        var ranges: [ClosedRange<Int>] = []
        for part in list.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count <= 2, let first = ends.first, let last = ends.last, part != "-" else {
                return nil
            }
            guard let low = first.isEmpty ? 1 : Int(first), let high = last.isEmpty ? Int.max : Int(last),
                low >= 1, low <= high
            else { return nil }
            ranges.append(low...high)
        }
        return ranges.isEmpty ? nil : ranges
    }

    func run(_ text: [UInt8]) -> ToolResult? {
        func isWanted(_ number: Int) -> Bool { ranges.contains { $0.contains(number) } }
        var lines: [[UInt8]] = []
        for line in Self.lines(text) {
            if !isFields {
                lines.append(line.enumerated().filter { isWanted($0.offset + 1) }.map(\.element))
                continue
            }
            guard line.contains(mark) else {
                if !onlyMarked { lines.append(line) }
                continue
            }
            let fields = line.split(separator: mark, omittingEmptySubsequences: false)
            let wanted = fields.enumerated().filter { isWanted($0.offset + 1) }.map(\.element)
            lines.append(Array(wanted.joined(separator: between)))
        }
        return ToolResult(lines: lines)
    }
}

/// `tr [-cds] SET [SET]`
struct TranslateTool: TextTool {
    let files: [ShellText] = []
    private let from: [UInt8]
    private let to: [UInt8]
    private let isDeleting: Bool
    private let isSqueezing: Bool

    init?(_ arguments: [ShellText]) {
        let long: [String: Character] = ["delete": "d", "squeeze-repeats": "s", "complement": "c"]
        guard let words = ToolWords(arguments, "cCds", long: long, permutes: false) else { return nil }
        let sets = words.operands.map { $0.known.flatMap(Self.set) }
        (isDeleting, isSqueezing) = (words.has("d"), words.has("s"))
        guard let first = sets.first, var from = first, sets.count <= 2 else { return nil }
        if words.has("c") || words.has("C") {
            let given = Set(from)
            from = (UInt8.min...UInt8.max).filter { !given.contains($0) }
        }
        var to: [UInt8] = []
        if sets.count == 2 {
            guard let second = sets[1], !second.isEmpty, !isDeleting else { return nil }
            to = second
        } else if !isDeleting, !isSqueezing {
            return nil
        }
        // The last byte stands for all that have none.
        while let last = to.last, to.count < from.count { to.append(last) }
        (self.from, self.to) = (from, to)
    }

    private static func set(_ bytes: [UInt8]) -> [UInt8]? {
        let plain = EscapeSequences.expanded(ShellText(bytes)).bytes
        var (result, place) = ([UInt8](), 0)
        while place < plain.count {
            if let named = ByteSet.classes.first(where: { plain[place...].starts(with: $0.name.utf8) }) {
                result += named.ranges.flatMap { Array($0) }.sorted()
                place += named.name.utf8.count
            } else if plain[place] == UInt8(ascii: "["), place + 1 < plain.count,
                [UInt8(ascii: "="), UInt8(ascii: ":")].contains(plain[place + 1])
            {
                return nil
            } else if place + 2 < plain.count, plain[place + 1] == UInt8(ascii: "-") {
                guard plain[place] <= plain[place + 2] else { return nil }
                result += plain[place]...plain[place + 2]
                place += 3
            } else {
                result.append(plain[place])
                place += 1
            }
        }
        return result
    }

    func run(_ text: [UInt8]) -> ToolResult? {
        var table = Array(UInt8.min...UInt8.max)
        for (place, byte) in from.enumerated() where place < to.count { table[Int(byte)] = to[place] }
        let deleted = isDeleting ? Set(from) : []
        let squeezed = isSqueezing ? Set(to.isEmpty ? from : to) : []
        var result: [UInt8] = []
        for byte in text where !deleted.contains(byte) {
            let next = table[Int(byte)]
            if squeezed.contains(next), result.last == next { continue }
            result.append(next)
        }
        return ToolResult(result)
    }
}
