import Diagnostics

/// `read`, `mapfile` and `getopts`.
extension ShellEvaluator {
    /// The words of `read` and `mapfile`, apart.
    private struct ReadWords {
        var options: Set<Character> = []
        var values: [Character: ShellText] = [:]
        var names: [String] = []

        init(_ arguments: [ShellText], withValue: Set<Character>) {
            var rest = arguments[...]
            while let word = rest.popFirst() {
                guard let text = word.knownString else { continue }
                guard text.hasPrefix("-"), text.count > 1, names.isEmpty else {
                    names.append(text)
                    continue
                }
                var letters = text.dropFirst()
                while let letter = letters.popFirst() {
                    options.insert(letter)
                    guard withValue.contains(letter) else { continue }
                    values[letter] =
                        letters.isEmpty ? rest.popFirst() ?? ShellText() : ShellText(String(letters))
                    break
                }
            }
        }
    }

    mutating func read(_ arguments: [ShellText]) throws(ShellStop) {
        var words = ReadWords(arguments, withValue: ["t", "n", "N", "d", "p", "u", "i", "a"])
        let list = words.values["a"]?.knownString
        if words.names.isEmpty { words.names = [list ?? "REPLY"] }
        let isPlain = words.options.isDisjoint(with: ["n", "N", "u"])
        guard input != nil, isPlain else {
            // What the script itself is given, or another descriptor.
            guard decide("`read \(words.names.joined(separator: " "))` reads a line") else {
                status = .known(1)
                return
            }
            if isPlain { input = ShellInput(ShellText()) }
            return readUnknown(words.names)
        }
        let isWhole = words.values["d"].map { $0.isEmpty } ?? false
        let next: (line: ShellText, isEnded: Bool)?
        if let end = words.values["d"]?.known?.first {
            next = input?.nextPart(to: end)
        } else {
            next = isWhole ? (input?.rest() ?? ShellText(), false) : input?.nextLine()
        }
        guard let (line, isEnded) = next else {
            assign(ShellText(), words, list)
            status = .known(1)
            return
        }
        if line.gaps.contains(where: { !$0.unknown.isSame }) {
            guard decide("there is a line in \(line.shown)", about: line) else {
                status = .known(1)
                return
            }
            return readUnknown(words.names)
        }
        assign(line, words, list)
        status = .known(isEnded ? 0 : 1)
    }

    private mutating func assign(_ line: ShellText, _ words: ReadWords, _ given: String?) {
        let list = given.map(state.target)
        let cut = LineCutter(separators: separators, isRaw: words.options.contains("r"))
        if let list {
            var elements = ShellList()
            for field in cut.fields(line, most: Int.max) { elements.append(field) }
            state.variables[list] = .list(elements)
            state.unset.remove(list)
        } else if words.names == ["REPLY"] {
            set("REPLY", cut.whole(line))
        } else {
            let fields = cut.fields(line, most: words.names.count)
            for (number, name) in words.names.enumerated() {
                replaceFirst(name, number < fields.count ? fields[number] : ShellText())
            }
        }
    }

    private mutating func readUnknown(_ names: [String]) {
        hasReadUnknown = true
        for name in names { set(name, ShellText(unknown: Unknown("$\(name)"))) }
        status = .success
    }

    /// `mapfile -t NAME`: a line is an element.
    mutating func readLines(_ arguments: [ShellText]) throws(ShellStop) {
        let words = ReadWords(arguments, withValue: ["d", "n", "O", "s", "u", "C", "c"])
        let name = state.target(words.names.first ?? "MAPFILE")
        status = .success
        let text = input?.rest()
        let end = words.values["d"]?.known?.first ?? UInt8(ascii: "\n")
        guard words.options.isDisjoint(with: ["u", "C", "c"]), let text,
            text.gaps.allSatisfy(\.unknown.isSame)
        else {
            state.variables[name] = nil
            state.unset.remove(name)
            return
        }
        var reading = ShellInput(text)
        var list = ShellList()
        if words.options.contains("O"), case .list(let before) = state.variables[name] { list = before }
        var index = words.values["O"].flatMap { arithmetic($0) } ?? 0
        var skipped = words.values["s"].flatMap { arithmetic($0) } ?? 0
        var left = words.values["n"].flatMap { arithmetic($0) } ?? 0
        if left <= 0 { left = Int.max }
        while left > 0, let (line, isEnded) = reading.nextPart(to: end) {
            commands += 1
            if skipped > 0 {
                skipped -= 1
                continue
            }
            var element = line
            if isEnded, !words.options.contains("t") { element.append(end) }
            list.set(index, element)
            index &+= 1
            left -= 1
        }
        state.variables[name] = .list(list)
        state.unset.remove(name)
    }

    /// `getopts LETTERS NAME`
    mutating func findOption(_ arguments: [ShellText]) {
        guard let letters = arguments.first?.knownString, let name = arguments.dropFirst().first?.knownString
        else {
            status = .known(2)
            return
        }
        let given = arguments.count > 2 ? Array(arguments.dropFirst(2)) : state.arguments
        let index = value(of: "OPTIND") ?? ShellText("1")
        guard let given, let number = arithmetic(index), number >= 1 else {
            set(name, ShellText(unknown: Unknown("$\(name)")))
            set("OPTARG", ShellText(unknown: Unknown("$OPTARG")))
            status = .unknown("getopts finds an option")
            return
        }
        let (place, first) = (number - 1, state.optionLetter)
        func end(_ next: Int, _ evaluator: inout Self) {
            evaluator.set("OPTIND", ShellText(String(next)))
            evaluator.set(name, ShellText("?"))
            evaluator.unsetName("OPTARG")
            evaluator.status = .known(1)
        }
        guard place < given.count else { return end(given.count + 1, &self) }
        guard let word = given[place].known.map({ [UInt8]($0) }) else {
            set(name, ShellText(unknown: Unknown("$\(name)")))
            status = .unknown("\(given[place].shown) is an option")
            return
        }
        if word == Array("--".utf8) { return end(number + 1, &self) }
        guard word.first == UInt8(ascii: "-"), word.count > 1, first < word.count else {
            return end(number, &self)
        }
        let letter = word[first]
        let table = Array(letters.utf8)
        let isSilent = table.first == UInt8(ascii: ":")
        let isLast = first + 1 == word.count
        status = .success
        func next(_ index: Int, _ letter: Int, _ evaluator: inout Self) {
            evaluator.set("OPTIND", ShellText(String(index)))
            evaluator.state.optionLetter = letter
        }
        guard letter != UInt8(ascii: ":"), let found = table.firstIndex(of: letter) else {
            next(isLast ? number + 1 : number, isLast ? 1 : first + 1, &self)
            set(name, ShellText("?"))
            if isSilent { set("OPTARG", ShellText([letter])) } else { unsetName("OPTARG") }
            return
        }
        guard found + 1 < table.count, table[found + 1] == UInt8(ascii: ":") else {
            next(isLast ? number + 1 : number, isLast ? 1 : first + 1, &self)
            set(name, ShellText([letter]))
            unsetName("OPTARG")
            return
        }
        if !isLast {
            next(number + 1, 1, &self)
            set("OPTARG", ShellText(Array(word[(first + 1)...])))
        } else if place + 1 < given.count {
            next(number + 2, 1, &self)
            set("OPTARG", given[place + 1])
        } else {
            next(number + 1, 1, &self)
            set(name, ShellText(isSilent ? ":" : "?"))
            if isSilent { set("OPTARG", ShellText([letter])) } else { unsetName("OPTARG") }
            return
        }
        set(name, ShellText([letter]))
    }

    private mutating func unsetName(_ name: String) {
        state.variables[name] = nil
        state.unset.insert(name)
    }
}
