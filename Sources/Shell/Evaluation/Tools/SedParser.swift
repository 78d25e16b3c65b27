extension SedCommand {
    /// The commands of a script; nil when one is not known.
    static func read(_ bytes: [UInt8], _ isExtended: Bool) -> [SedCommand]? {
        var parser = SedParser(bytes: bytes, isExtended: isExtended)
        return parser.commands()
    }
}

private struct SedParser {
    let bytes: [UInt8]
    let isExtended: Bool
    private var at = 0

    init(bytes: [UInt8], isExtended: Bool) {
        (self.bytes, self.isExtended) = (bytes, isExtended)
    }

    private var byte: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func take(_ letter: Character) -> Bool {
        guard let byte, byte == letter.asciiValue else { return false }
        at += 1
        return true
    }

    private mutating func skip(_ set: String) { while let byte, set.utf8.contains(byte) { at += 1 } }

    mutating func commands() -> [SedCommand]? {
        var commands: [SedCommand] = []
        while true {
            skip(" \t\n;")
            guard byte != nil else { return commands }
            guard let command = command() else { return nil }
            commands.append(command)
            skip(" \t")
            guard byte == nil || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "\n") else { return nil }
        }
    }

    private mutating func command() -> SedCommand? {
        var command = SedCommand()
        if isAddress {
            guard let from = address() else { return nil }
            command.from = from
            if take(",") {
                guard let to = address() else { return nil }
                command.to = to
            }
        }
        skip(" \t")
        if take("!") {
            command.isNegated = true
            skip(" \t")
        }
        let name = byte
        at += 1
        switch name {
        case UInt8(ascii: "d"): command.kind = .delete
        case UInt8(ascii: "p"): command.kind = .print
        case UInt8(ascii: "q"): command.kind = .quit
        case UInt8(ascii: "s"):
            guard let substitution = substitution() else { return nil }
            command.kind = .substitute(substitution)
        case UInt8(ascii: "y"):
            guard let mark = byte, let from = section(mark), let to = section(mark), from.count == to.count,
                !from.contains(UInt8(ascii: "\\"))
            else { return nil }
            at += 1
            command.kind = .translate(Dictionary(zip(from, to)) { first, _ in first })
        default: return nil
        }
        return command
    }

    private var isAddress: Bool {
        guard let byte else { return false }
        return byte == UInt8(ascii: "/") || byte == UInt8(ascii: "$")
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private mutating func address() -> SedCommand.Address? {
        if take("$") { return .last }
        if byte == UInt8(ascii: "/") {
            guard let pattern = section(UInt8(ascii: "/")) else { return nil }
            at += 1
            return PosixExpression(pattern, isExtended: isExtended).map { .matching($0) }
        }
        let start = at
        while let byte, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { at += 1 }
        return Int(String(decoding: bytes[start..<at], as: UTF8.self)).flatMap { $0 > 0 ? .line($0) : nil }
    }

    /// What stands behind this mark, up to the next one, which is not stepped over.
    private mutating func section(_ mark: UInt8) -> [UInt8]? {
        at += 1
        var (text, isInSet) = ([UInt8](), false)
        while let byte, byte != UInt8(ascii: "\n") {
            if byte == mark, !isInSet { return text }
            at += 1
            if byte == UInt8(ascii: "\\"), !isInSet, let next = self.byte {
                at += 1
                if next == UInt8(ascii: "n") {
                    text.append(10)
                } else {
                    text += next == mark && mark != UInt8(ascii: "|") ? [next] : [byte, next]
                }
                continue
            }
            if byte == UInt8(ascii: "[") { isInSet = true }
            if byte == UInt8(ascii: "]") { isInSet = false }
            text.append(byte)
        }
        return nil
    }

    private mutating func substitution() -> SedSubstitution? {
        guard let mark = byte, mark != UInt8(ascii: "\\"), let pattern = section(mark) else { return nil }
        at += 1
        guard let pieces = replacement(mark) else { return nil }
        at += 1
        var (number, isGlobal, prints, ignoresCase) = (1, false, false, false)
        flags: while let byte {
            switch byte {
            case UInt8(ascii: "g"): isGlobal = true
            case UInt8(ascii: "p"): prints = true
            case UInt8(ascii: "i"), UInt8(ascii: "I"): ignoresCase = true
            case UInt8(ascii: "1")...UInt8(ascii: "9"): number = Int(byte - UInt8(ascii: "0"))
            default: break flags
            }
            at += 1
        }
        guard !pattern.isEmpty,
            let expression = PosixExpression(pattern, isExtended: isExtended, ignoresCase: ignoresCase)
        else { return nil }
        return SedSubstitution(
            expression: expression,
            pieces: pieces,
            first: number,
            isGlobal: isGlobal,
            prints: prints
        )
    }

    /// Up to the mark, which is not stepped over.
    private mutating func replacement(_ mark: UInt8) -> [SedSubstitution.Piece]? {
        var (pieces, text): ([SedSubstitution.Piece], [UInt8]) = ([], [])
        func flush() {
            if !text.isEmpty { pieces.append(.bytes(text)) }
            text = []
        }
        while let byte {
            if byte == mark {
                flush()
                return pieces
            }
            at += 1
            switch byte {
            case UInt8(ascii: "&"):
                flush()
                pieces.append(.group(0))
            case UInt8(ascii: "\\"):
                guard let next = self.byte else { return nil }
                at += 1
                switch next {
                case UInt8(ascii: "0")...UInt8(ascii: "9"):
                    flush()
                    pieces.append(.group(Int(next - UInt8(ascii: "0"))))
                case UInt8(ascii: "n"): text.append(10)
                case UInt8(ascii: "t"): text.append(9)
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): return nil
                default: text.append(next)
                }
            default: text.append(byte)
            }
        }
        return nil
    }
}
