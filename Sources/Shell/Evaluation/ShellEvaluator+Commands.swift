import Diagnostics

extension ShellCommand {
    /// With `set -e` the shell looks at its end; those made of other commands end where one of these does.
    var isJudgedByErrors: Bool {
        switch kind {
        case .simple, .subshell, .test, .arithmetic: true
        default: false
        }
    }
}

extension ShellEvaluator {
    mutating func run(_ command: ShellCommand) throws(ShellStop) {
        nesting += 1
        defer { nesting -= 1 }
        range = command.range
        guard nesting <= Self.deepestNesting else {
            throw .limit(
                ShellError(
                    "limit.depth",
                    "commands and functions run within each other more than \(Self.deepestNesting) deep",
                    at: range
                )
            )
        }
        if command.redirections.isEmpty { return try runKind(of: command) }
        let change = try redirect(command.redirections)
        do throws(ShellStop) {
            try runKind(of: command)
        } catch {
            undo(change, command.range)
            throw error
        }
        undo(change, command.range)
    }

    private mutating func runKind(of command: ShellCommand) throws(ShellStop) {
        switch command.kind {
        case .simple(let simple): try run(simple, command.range)
        case .group(let statements): try run(statements)
        case .subshell(let statements):
            try runApart(ShellCommand(kind: .group(statements), range: command.range))
        case .conditional(let branches, let otherwise): try runConditional(branches, otherwise)
        case .loop(let condition, let isUntil, let body):
            let isEndless =
                !isUntil && condition.count == 1 && condition[0].rest.isEmpty && condition[0].first.isTrue
            try runLoop(body, isEndless: isEndless) { evaluator throws(ShellStop) in
                evaluator.range = command.range
                evaluator.testDepth += 1
                defer { evaluator.testDepth -= 1 }
                try evaluator.run(condition)
                return evaluator.hasSucceeded() != isUntil
            }
        case .forEach(let name, let words, let body): try runForEach(name, words, body)
        case .select(let name, let words, let body): try runSelect(name, words, body)
        case .counted(let start, let condition, let step, let body):
            _ = try number(start)
            try runLoop(
                body,
                while: { evaluator throws(ShellStop) in
                    let value = condition.parts.isEmpty ? 1 : try evaluator.number(condition)
                    return value.map { $0 != 0 } ?? evaluator.decide("((\(evaluator.shown(condition))))")
                },
                step: { evaluator throws(ShellStop) in _ = try evaluator.number(step) }
            )
        case .choice(let word, let choices): try runChoice(word, choices)
        case .function(let name, let body):
            state.functions[name] = body
            status = .success
        case .test(let test):
            let holds = try evaluate(test)
            status = .known(holds ? 0 : 1)
        case .arithmetic(let word):
            if let value = try number(word) {
                status = .known(value == 0 ? 1 : 0)
            } else {
                status = .unknown("((\(shown(word))))")
            }
        }
    }

    private mutating func runConditional(
        _ branches: [ShellBranch],
        _ otherwise: [ShellStatement]?
    ) throws(ShellStop) {
        for branch in branches {
            testDepth += 1
            do throws(ShellStop) {
                try run(branch.condition)
            } catch {
                testDepth -= 1
                throw error
            }
            let holds = hasSucceeded()
            testDepth -= 1
            if holds { return try run(branch.body) }
        }
        if let otherwise { try run(otherwise) } else { status = .success }
    }

    /// A loop whose condition is an assumption goes round once, and its commands are marked as repeated.
    private mutating func runLoop(
        _ body: [ShellStatement],
        isEndless: Bool = false,
        while condition: (inout Self) throws(ShellStop) -> Bool,
        step: (inout Self) throws(ShellStop) -> Void = { _ in }
    ) throws(ShellStop) {
        var last = ShellStatus.success
        while true {
            try spend()
            let assumed = decisions.asked
            hasReadUnknown = false
            guard try condition(&self) else { break }
            let isOpen = decisions.asked > assumed && !hasReadUnknown
            let isRepeated = isOpen || hasReadUnknown
            if isRepeated { repeatDepth += 1 }
            defer { if isRepeated { repeatDepth -= 1 } }
            hasWaited = false
            let before = decisions.asked
            guard try runRound(body) else { break }
            last = status
            if isEndless, hasWaited { throw stay() }
            // What would end it is open as well.
            if isOpen || isEndless && decisions.asked > before { break }
            try step(&self)
        }
        status = last
    }

    /// A loop that waits and begins anew without an end: a script that looks after something stays in it.
    private mutating func stay() -> ShellStop {
        note("loop.endless", "the script stays in this loop: the rules are those after going round once")
        atExit = nil
        return .leaveShell
    }

    /// Whether the loop goes on.
    mutating func runRound(_ body: [ShellStatement]) throws(ShellStop) -> Bool {
        do throws(ShellStop) {
            try run(body)
        } catch {
            switch error {
            case .leaveLoop(let count):
                if count > 1 { throw .leaveLoop(count - 1) }
                return false
            case .nextRound(let count):
                if count > 1 { throw .nextRound(count - 1) }
            case .leaveFunction, .leaveShell, .limit: throw error
            }
        }
        return true
    }

    private mutating func runForEach(
        _ name: String,
        _ words: [ShellWord]?,
        _ body: [ShellStatement]
    ) throws(ShellStop) {
        let values = try values(words)
        if values.isEmpty { status = .success }
        for value in values {
            try spend()
            // An unknown part may be any number of words.
            let isOpen = value.gaps.contains { !$0.unknown.isStable }
            if isOpen {
                guard decide("there is something in \(value.shown)") else { continue }
                set(name, ShellText(unknown: Unknown("$\(name)")))
                repeatDepth += 1
            } else {
                set(name, value)
            }
            defer { if isOpen { repeatDepth -= 1 } }
            guard try runRound(body) else { break }
        }
    }

    /// Those of `in`, or the arguments.
    mutating func values(_ words: [ShellWord]?) throws(ShellStop) -> [ShellText] {
        guard let words else { return state.arguments ?? [ShellText(unknown: Unknown("$@"))] }
        var values: [ShellText] = []
        for word in words { values += try fields(word) }
        return values
    }

    private mutating func runChoice(_ word: ShellWord, _ choices: [ShellChoice]) throws(ShellStop) {
        let text = try self.text(word)
        var (falls, hasMatched) = (false, false)
        for choice in choices {
            var matches = falls
            for pattern in choice.patterns where !matches {
                matches = self.matches(
                    text,
                    try self.pattern(pattern),
                    isExtended: state.options.hasExtendedPatterns
                )
            }
            guard matches else { continue }
            if choice.body.isEmpty { status = .success }
            hasMatched = true
            try run(choice.body)
            switch choice.end {
            case .leave: return
            case .fallThrough: falls = true
            case .goOn: falls = false
            }
        }
        if !hasMatched { status = .success }
    }

    // MARK: Redirections

    struct Redirected {
        var input: ShellInput?
        var hasInput = false
        var sink: Sink?
        /// Where what is printed goes to.
        var target: ShellText?
        var isAppending = false
        var isSilent = false
    }

    private mutating func redirect(_ redirections: [ShellRedirection]) throws(ShellStop) -> Redirected {
        var change = Redirected(input: input)
        func isNowhere(_ text: ShellText) -> Bool { text.bytes.elementsEqual("/dev/null".utf8) }
        for redirection in redirections {
            switch redirection.kind {
            case .hereDocument(let place):
                guard redirection.descriptor == 0, hereDocuments.indices.contains(place) else { continue }
                let document = hereDocuments[place]
                input = ShellInput(try text(document.body), range: document.range)
                change.hasInput = true
            case .hereString(let word):
                var text = try self.text(word)
                text.append(UInt8(ascii: "\n"))
                input = ShellInput(text)
                change.hasInput = true
            case .read(let word):
                let path = try text(word)
                guard redirection.descriptor == 0 else { continue }
                change.hasInput = true
                input = ShellInput(contents(of: path))
            case .write(let word, let isAppending):
                let path = try text(word)
                if redirection.descriptor != 1, isNowhere(path), !change.isSilent {
                    change.isSilent = true
                    silentDepth += 1
                }
                guard redirection.descriptor == 1 || redirection.descriptor == nil else { continue }
                if change.sink == nil { change.sink = sink }
                change.target = isNowhere(path) ? nil : path
                change.isAppending = isAppending
                sink = isNowhere(path) ? .nowhere : .text(ShellText())
            case .duplicate(let word):
                let target = try text(word)
                if redirection.descriptor == 1, target.bytes.elementsEqual("2".utf8), change.sink == nil {
                    change.sink = sink
                    sink = .nowhere
                }
                if redirection.descriptor == 2, case .nowhere = sink, !change.isSilent {
                    change.isSilent = true
                    silentDepth += 1
                }
            }
        }
        return change
    }

    private mutating func undo(_ change: Redirected, _ place: SourceRange) {
        if change.hasInput { input = change.input }
        if let sink = change.sink {
            if let path = change.target, case .text(let text) = self.sink {
                put(text, in: path, isAppending: change.isAppending, place)
            }
            self.sink = sink
        }
        if change.isSilent { silentDepth -= 1 }
    }
}
