/// `sed [-nE] [-e] SCRIPT`, of which `s`, `d`, `p`, `q` and `y` are known.
struct SedTool: TextTool {
    let files: [ShellText]
    /// `-i`: the file is changed.
    let isInPlace: Bool
    private let commands: [SedCommand]
    private let prints: Bool

    init?(_ arguments: [ShellText]) {
        let long: [String: Character] = [
            "quiet": "n", "regexp-extended": "E", "expression": "e", "in-place": "i",
        ]
        guard var words = ToolWords(arguments, "nrEie:u", long: long),
            !words.options.contains(where: { $0.letter == "i" && $0.value != nil })
        else { return nil }
        var scripts = words.values("e")
        if scripts.isEmpty { scripts = [words.takeOperand()?.knownString] }
        let isExtended = words.has("E") || words.has("r")
        var commands: [SedCommand] = []
        for script in scripts {
            guard let script, let read = SedCommand.read(Array(script.utf8), isExtended) else { return nil }
            commands += read
        }
        guard words.operands.count <= 1 else { return nil }
        (files, isInPlace, prints) = (words.operands, words.has("i"), !words.has("n"))
        self.commands = commands
    }

    func run(_ text: [UInt8]) -> ToolResult? {
        let lines = Self.lines(text)
        var isInside = [Bool](repeating: false, count: commands.count)
        var output: [[UInt8]] = []
        // The last line is printed as it was read: without its end, if it has none.
        let isOpen = text.last.map { $0 != UInt8(ascii: "\n") } ?? false
        var endsOpen = false
        lines: for (place, given) in lines.enumerated() {
            var line = given
            let number = place + 1
            let printed = output.count
            defer { endsOpen = isOpen && number == lines.count && output.count > printed }
            for (index, command) in commands.enumerated() {
                guard
                    let applies = command.applies(
                        to: line,
                        number,
                        isLast: number == lines.count,
                        &isInside[index]
                    )
                else { return nil }
                guard applies else { continue }
                switch command.kind {
                case .delete: continue lines
                case .print: output.append(line)
                case .quit:
                    if prints { output.append(line) }
                    break lines
                case .translate(let table): line = line.map { table[$0] ?? $0 }
                case .substitute(let substitution):
                    guard let (changed, isChanged) = substitution.apply(to: line) else { return nil }
                    line = changed
                    if isChanged, substitution.prints { output.append(line) }
                }
            }
            if prints { output.append(line) }
        }
        var result = ToolResult(lines: output)
        if endsOpen { result.output.removeLast() }
        return result
    }
}

/// A command of sed with the lines that it is for.
struct SedCommand {
    enum Kind {
        case delete
        case print
        case quit
        case translate([UInt8: UInt8])
        case substitute(SedSubstitution)
    }

    enum Address {
        case line(Int)
        case last
        case matching(PosixExpression)
    }

    var from: Address?
    var to: Address?
    var isNegated = false
    var kind = Kind.delete

    /// Nil when it is not known.
    func applies(to line: [UInt8], _ number: Int, isLast: Bool, _ isInside: inout Bool) -> Bool? {
        func holds(_ address: Address) -> Bool? {
            switch address {
            case .line(let wanted): return wanted == number
            case .last: return isLast
            case .matching(let expression):
                switch expression.search(line) {
                case .found: return true
                case .none: return false
                case .unknown: return nil
                }
            }
        }
        guard let from else { return !isNegated }
        guard let to else { return holds(from).map { $0 != isNegated } }
        if isInside {
            guard let ends = holds(to) else { return nil }
            if case .line(let last) = to, number > last {
                isInside = false
                return applies(to: line, number, isLast: isLast, &isInside)
            }
            if ends { isInside = false }
            return !isNegated
        }
        guard let begins = holds(from) else { return nil }
        if begins {
            isInside = true
            if case .line(let last) = to, last <= number { isInside = false }
        }
        return begins != isNegated
    }
}

/// `s/…/…/`
struct SedSubstitution {
    enum Piece {
        case bytes([UInt8])
        /// 0 is the whole match.
        case group(Int)
    }

    let expression: PosixExpression
    let pieces: [Piece]
    /// From the match with this number on.
    let first: Int
    let isGlobal: Bool
    let prints: Bool

    func apply(to line: [UInt8]) -> ([UInt8], Bool)? {
        var (result, place, count) = ([UInt8](), 0, 0)
        while place <= line.count {
            let match: PosixExpression.Match
            switch expression.search(line, from: place) {
            case .unknown: return nil
            case .none: return (result + line[place...], count >= first)
            case .found(let found): match = found
            }
            count += 1
            result += line[place..<match.range.lowerBound]
            if count >= first {
                for piece in pieces {
                    switch piece {
                    case .bytes(let bytes): result += bytes
                    case .group(0): result += line[match.range]
                    case .group(let number):
                        guard number <= match.groups.count else { return nil }
                        if let range = match.groups[number - 1] { result += line[range] }
                    }
                }
            } else {
                result += line[match.range]
            }
            place = match.range.upperBound
            if match.range.isEmpty {
                if place < line.count { result.append(line[place]) }
                place += 1
            }
            if count >= first, !isGlobal { break }
        }
        return (result + line[min(place, line.count)...], count >= first)
    }
}
