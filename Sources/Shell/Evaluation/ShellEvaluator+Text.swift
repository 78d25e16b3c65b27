import Diagnostics

/// `echo`, `printf` and `read`.
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

    mutating func read(_ arguments: [ShellText]) throws(ShellStop) {
        var (names, isRaw, skipNext, toArray) = ([String](), false, false, false)
        for argument in arguments {
            guard let text = argument.knownString else { continue }
            if skipNext {
                skipNext = false
            } else if text.hasPrefix("-"), text.count > 1 {
                if text.contains("r") { isRaw = true }
                if text.contains("a") { toArray = true }
                skipNext = ["t", "n", "N", "d", "p", "u", "i"].contains { text.hasSuffix($0) }
            } else {
                names.append(text)
            }
        }
        if names.isEmpty { names = ["REPLY"] }
        guard input != nil else {
            // What the script itself is given.
            guard decide("`read \(names.joined(separator: " "))` reads a line") else {
                status = .known(1)
                return
            }
            input = ShellInput(ShellText())
            return readUnknown(names)
        }
        guard let line = input?.nextLine() else {
            for name in names { set(name, ShellText()) }
            status = .known(1)
            return
        }
        if line.gaps.contains(where: { !$0.unknown.isStable }) {
            guard decide("there is a line in \(line.shown)") else {
                status = .known(1)
                return
            }
            return readUnknown(names)
        }
        let separators = value(of: "IFS")?.known ?? [32, 9, 10]
        let cut = LineCutter(separators: separators, isRaw: isRaw)
        if toArray {
            var list = ShellList()
            for field in cut.fields(line, most: Int.max) { list.append(field) }
            state.variables[names[0]] = .list(list)
        } else {
            let fields = cut.fields(line, most: names.count)
            for (number, name) in names.enumerated() {
                set(name, number < fields.count ? fields[number] : ShellText())
            }
        }
        status = .success
    }

    private mutating func readUnknown(_ names: [String]) {
        hasReadUnknown = true
        for name in names { set(name, ShellText(unknown: Unknown("$\(name)"))) }
        status = .success
    }
}

/// Cuts a line into the words for `read`.
struct LineCutter {
    let separators: [UInt8]
    let isRaw: Bool

    /// At most so many; the last one is all that is left.
    func fields(_ line: ShellText, most: Int) -> [ShellText] {
        var (fields, field, isOpen, isEscaped): ([ShellText], ShellText, Bool, Bool) = (
            [], ShellText(), false, false
        )
        func isBlank(_ byte: UInt8) -> Bool {
            separators.contains(byte) && (byte == 32 || byte == 9 || byte == 10)
        }
        line.forEachPiece { byte, unknown in
            if let unknown {
                field.append(unknown)
                isOpen = true
                return
            }
            guard let byte else { return }
            if isEscaped {
                field.append(byte)
                (isEscaped, isOpen) = (false, true)
            } else if byte == UInt8(ascii: "\\"), !isRaw {
                isEscaped = true
            } else if separators.contains(byte), fields.count + 1 < most {
                if isOpen || !isBlank(byte) { fields.append(field) }
                (field, isOpen) = (ShellText(), false)
            } else if isOpen || !isBlank(byte) {
                field.append(byte)
                isOpen = true
            }
        }
        if isOpen { fields.append(trimmed(field)) }
        return fields
    }

    private func trimmed(_ field: ShellText) -> ShellText {
        guard var bytes = field.known else { return field }
        while let last = bytes.last, separators.contains(last), last == 32 || last == 9 { bytes.removeLast() }
        return ShellText(bytes)
    }
}
