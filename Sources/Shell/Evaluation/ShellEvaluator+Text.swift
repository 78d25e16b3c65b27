import Diagnostics

/// `echo` and `printf`.
extension ShellEvaluator {
    mutating func echoed(_ arguments: [ShellText]) -> ShellText {
        var (rest, endsLine, hasEscapes) = (arguments[...], true, !isBash)
        while let option = rest.first?.knownString, option.count > 1, option.hasPrefix("-"),
            option.dropFirst().allSatisfy({ $0 == "n" || $0 == "e" || $0 == "E" })
        {
            if option.contains("n") { endsLine = false }
            if option.contains("e") { hasEscapes = true }
            rest = rest.dropFirst()
        }
        var text = ShellText.joined(Array(rest))
        if hasEscapes { text = EscapeSequences.expanded(text) }
        if endsLine { text.append(UInt8(ascii: "\n")) }
        return text
    }

    /// `printf FORMAT ARGUMENTS`, the format again for the arguments that are left.
    mutating func formatted(_ arguments: [ShellText]) -> ShellText {
        var rest = arguments[...]
        if rest.first?.knownString == "--" { rest = rest.dropFirst() }
        guard let first = rest.popFirst() else { return ShellText() }
        guard let format = EscapeSequences.expanded(first).known else {
            return ShellText(unknown: Unknown("`printf \(ShellText.joined(arguments).shown)`"))
        }
        var result = ShellText()
        repeat {
            let before = rest.count
            var place = 0
            while place < format.count {
                let byte = format[place]
                place += 1
                guard byte == UInt8(ascii: "%"), place < format.count else {
                    result.append(byte)
                    continue
                }
                if format[place] == UInt8(ascii: "%") {
                    result.append(byte)
                    place += 1
                    continue
                }
                let start = place
                while place < format.count, !Self.isConversion(format[place]) { place += 1 }
                guard place < format.count else { break }
                let argument = rest.popFirst() ?? ShellText()
                result.append(converted(argument, format[place], options: Array(format[start..<place])))
                place += 1
            }
            if rest.count == before { break }
        } while !rest.isEmpty && result.bytes.count <= limits.text
        return result
    }

    private static func isConversion(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private mutating func converted(_ argument: ShellText, _ letter: UInt8, options: [UInt8]) -> ShellText {
        let unknown = ShellText(unknown: Unknown("`printf \(argument.shown)`"))
        var text: ShellText
        switch letter {
        case UInt8(ascii: "s"): text = argument
        case UInt8(ascii: "b"): text = EscapeSequences.expanded(argument)
        case UInt8(ascii: "d"), UInt8(ascii: "i"), UInt8(ascii: "u"):
            guard argument.isKnown else { return options.isEmpty ? argument : unknown }
            text = ShellText(String(arithmetic(argument) ?? 0))
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            guard let value = arithmetic(argument) else { return unknown }
            let digits = String(UInt(bitPattern: value), radix: 16, uppercase: letter == UInt8(ascii: "X"))
            text = ShellText(digits)
        case UInt8(ascii: "c"): text = argument.isKnown ? ShellText(Array(argument.bytes.prefix(1))) : unknown
        default: return unknown
        }
        guard !options.isEmpty else { return text }
        guard let known = text.known,
            let width = Int(String(decoding: options.filter { $0 != UInt8(ascii: "-") }, as: UTF8.self)),
            width <= 1_000
        else { return unknown }
        let isZero = options.first == UInt8(ascii: "0")
        let padding = [UInt8](repeating: UInt8(ascii: isZero ? "0" : " "), count: max(0, width - known.count))
        return ShellText(options.first == UInt8(ascii: "-") ? known + padding : padding + known)
    }
}
