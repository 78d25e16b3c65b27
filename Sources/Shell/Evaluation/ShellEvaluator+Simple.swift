import Diagnostics

extension ShellEvaluator {
    mutating func run(_ simple: ShellSimpleCommand, _ place: SourceRange) throws(ShellStop) {
        try spend()
        substitutionStatus = nil
        var (words, ranges): ([ShellText], [SourceRange]) = ([], [])
        for word in simple.words {
            for field in try fields(word) {
                words.append(field)
                ranges.append(word.range)
            }
        }
        range = place
        guard let first = words.first else {
            for assignment in simple.assignments { try assign(assignment) }
            status = substitutionStatus ?? .success
            return
        }
        var before: [(String, HiddenVariable)] = []
        for assignment in simple.assignments {
            before.append((assignment.name, state.kept(assignment.name)))
            try assign(assignment)
            state.exported.insert(assignment.name)
        }
        defer { for (name, value) in before.reversed() { state.bringBack(value, name) } }
        range = place
        if let name = first.knownString {
            if let function = state.functions[name] {
                return try call(function, Array(words.dropFirst()))
            }
            if try runBuiltin(name, words, ranges, simple.declarations) { return }
        }
        try runCommand(invocation(words, ranges, place))
    }

    func invocation(_ words: [ShellText], _ ranges: [SourceRange], _ place: SourceRange) -> ShellInvocation {
        ShellInvocation(
            words: words,
            wordRanges: ranges,
            range: place,
            assumptions: decisions.made.count,
            isRepeated: repeatDepth > 0,
            isTested: testDepth > 0,
            isSilenced: silentDepth > 0
        )
    }

    /// A command that is neither a function nor a part of the shell.
    mutating func runCommand(_ given: ShellInvocation) throws(ShellStop) {
        var invocation = given
        CommandWrapper.unwrap(&invocation)
        guard !invocation.words.isEmpty else {
            status = .success
            return
        }
        if invocation.words.count < given.words.count, let name = invocation.words[0].knownString,
            try runBuiltin(name, invocation.words, invocation.wordRanges, [])
        {
            return
        }
        if try runKnownTool(invocation) { return }
        if try runOwnScript(invocation) { return }
        invocation.input = input
        invocation.files = contentsOfFiles(invocation.words)
        let words = invocation.words.dropFirst().map(\.shown)
        if let reply = runner.run(invocation) {
            status = reply.status
            commands += reply.cost
            for file in reply.files { put(file.text, in: file.path) }
            if !reply.output.isEmpty { print(reply.output) }
            if case .unknown(let question) = reply.status { decisions.change(words, but: question) }
            return
        }
        runner.pass(invocation)
        let question = "`\(invocation.shown)` succeeds" + readWords
        decisions.change(words, but: question)
        status = .unknown(question)
        print(ShellText(unknown: Unknown("`\(invocation.shown)`")))
    }

    /// What a command reads, so that it may succeed with one text and fail with another.
    private var readWords: String {
        guard let text = input?.text.shown, !text.isEmpty else { return "" }
        let whole = text.utf8.count <= 120
        let shown = whole ? text[...] : text.prefix(60) + "… (\(text.utf8.count) bytes) …" + text.suffix(60)
        return " on " + shown.split(whereSeparator: \.isNewline).joined(separator: " / ")
    }

    /// What is kept of what was printed; nil where it is not kept.
    var printed: ShellText? { if case .text(let text) = sink { text } else { nil } }

    mutating func print(_ text: ShellText) {
        guard case .text(var all) = sink else { return }
        // One owner, so that the text grows in place.
        sink = .nowhere
        if all.bytes.count + text.bytes.count <= limits.text {
            all.append(text)
        } else if all.gaps.last?.offset != all.bytes.count {
            // What is left out is not known.
            all.append(Unknown("the output beyond \(limits.text) bytes"))
        }
        sink = .text(all)
    }

    private mutating func call(_ function: ShellFunction, _ arguments: [ShellText]) throws(ShellStop) {
        let (savedArguments, savedShift, savedTrap) = (state.arguments, state.shifted, state.atError)
        state.arguments = arguments
        if !state.options.handsOnErrorTrap { state.atError = nil }
        state.hidden.append([:])
        defer {
            for (name, value) in state.hidden.popLast() ?? [:] { state.bringBack(value, name) }
            (state.arguments, state.shifted) = (savedArguments, savedShift)
            // One that the function set stays.
            if state.atError == nil, !state.options.handsOnErrorTrap { state.atError = savedTrap }
        }
        do throws(ShellStop) {
            try run(function.body)
        } catch {
            guard case .leaveFunction = error else { throw error }
        }
    }

    // MARK: Variables

    mutating func set(_ given: String, _ text: ShellText) {
        let name = state.target(given)
        if name == "OPTIND" { state.optionLetter = 1 }
        state.variables[name] = .single(text)
        state.unset.remove(name)
        if state.options.exportsAll { state.exported.insert(name) }
    }

    mutating func assign(_ assignment: ShellAssignment) throws(ShellStop) {
        let name = state.target(assignment.name)
        switch assignment.value {
        case .single(let word):
            var text = try self.text(word)
            guard text.bytes.count <= limits.text else { throw tooLong }
            if let index = assignment.index {
                let key = try self.text(index)
                if assignment.isAppending {
                    var before = element(name, key) ?? ShellText()
                    before.append(text)
                    text = before
                }
                try set(name, key, text)
            } else if assignment.isAppending {
                var before = value(of: name) ?? ShellText()
                before.append(text)
                guard before.bytes.count <= limits.text else { throw tooLong }
                replaceFirst(name, before)
            } else {
                replaceFirst(name, text)
            }
        case .list(let elements):
            // They may say the name itself, so they are read before it changes.
            var read: [(key: ShellText?, text: ShellText)] = []
            for element in elements {
                if let index = element.index {
                    read.append((try text(index), try text(element.value)))
                } else {
                    for field in try fields(element.value) { read.append((nil, field)) }
                }
            }
            if !assignment.isAppending {
                if case .table = state.variables[name] {
                    state.variables[name] = .table(ShellTable())
                } else {
                    state.variables[name] = .list(ShellList())
                }
            }
            state.unset.remove(name)
            for (key, text) in read {
                if let key { try set(name, key, text) } else { append(text, to: name) }
            }
        }
    }

    private var tooLong: ShellStop {
        .limit(ShellError("limit.text", "a text grows beyond \(limits.text) bytes", at: range))
    }

    mutating func replaceFirst(_ given: String, _ text: ShellText) {
        let name = state.target(given)
        guard case .list = state.variables[name] else { return set(name, text) }
        changeList(name) { $0.set(0, text) }
    }

    private mutating func append(_ text: ShellText, to name: String) {
        changeList(name) { $0.append(text) }
    }

    /// In place, so that no array is copied for one element.
    private mutating func changeList(_ name: String, _ change: (inout ShellList) -> Void) {
        var list = ShellList()
        switch state.variables.removeValue(forKey: name) {
        case .list(let before): list = before
        case .single(let first): list.set(0, first)
        case .table, nil: break
        }
        change(&list)
        state.variables[name] = .list(list)
    }

    mutating func set(_ given: String, _ key: ShellText, _ text: ShellText) throws(ShellStop) {
        let name = state.target(given)
        state.unset.remove(name)
        if case .table = state.variables[name] {
            guard case .table(var table) = state.variables.removeValue(forKey: name) else { return }
            table.set(key.shown, text)
            state.variables[name] = .table(table)
        } else if let index = arithmetic(key) {
            changeList(name) { $0.set(index, text) }
        } else {
            note("array.index", "the index \(key.shown) is not known: the array may look otherwise")
        }
    }

    /// `NAME`, or `NAME[INDEX]`.
    mutating func setElement(_ place: String, _ text: ShellText) throws(ShellStop) {
        guard place.hasSuffix("]"), let open = place.firstIndex(of: "[") else { return set(place, text) }
        let key = place[place.index(after: open)...].dropLast()
        try set(String(place[..<open]), ShellText(String(key)), text)
    }

    /// With the index as it is.
    mutating func setElement(_ given: String, _ key: String, _ text: ShellText) {
        let name = state.target(given)
        state.unset.remove(name)
        if case .table(var table) = state.variables[name] {
            table.set(key, text)
            state.variables[name] = .table(table)
        } else if let index = Int(key) {
            changeList(name) { $0.set(index, text) }
        }
    }

    mutating func element(_ name: String, _ key: ShellText) -> ShellText? {
        switch variable(name) {
        case .table(let table): table.values[key.shown]
        case .list(let list): arithmetic(key).flatMap { list[$0] }
        case .single(let text): key.knownString == "0" ? text : nil
        case nil: nil
        }
    }
}
