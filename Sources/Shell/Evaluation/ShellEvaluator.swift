import Diagnostics

/// Runs a script in the mind: nothing of the host is read or changed.
struct ShellEvaluator<Runner: ShellCommandRunner> {
    enum Sink {
        case terminal
        case text(ShellText)
        case nowhere
    }

    /// A search for a command, which says where it is if it finds it.
    struct Lookup {
        let question: String
        let before: ShellText?
        let after: ShellText?
    }

    var runner: Runner
    var state = ShellState()
    var decisions: ShellDecisions
    var notes: [ShellNote] = []
    /// So many simple commands were run.
    var commands = 0
    let limits: ShellScript.Limits
    /// Of the script that runs at the moment.
    var isBash: Bool
    let statements: [ShellStatement]
    var hereDocuments: [ShellHereDocument]
    /// What stable unknowns were assumed to be.
    var bindings: [String: ShellText] = [:]
    /// Files that the script writes, by their places.
    var files: [ShellText: ShellFile] = [:]
    /// So many texts were given that another run would give otherwise.
    var runs = 0
    var status = ShellStatus.success
    /// Of the last command substitution of the words at hand.
    var substitutionStatus: ShellStatus?
    var sink = Sink.terminal
    /// nil: what the script itself is given.
    var input: ShellInput?
    var testDepth = 0
    var silentDepth = 0
    var repeatDepth = 0
    var nesting = 0
    /// `read` got what nobody knows, perhaps several lines of it.
    var hasReadUnknown = false
    /// A name without a value stands in an expression, where `set -u` forbids it.
    var unsetInArithmetic: String?
    /// A comparison of `[ … ]` is none.
    var isTestWrong = false
    /// `sleep` or `wait` ran.
    var hasWaited = false
    var lookup: Lookup?
    /// What `trap` leaves to be run at the end.
    var atExit: ShellText?
    /// Where the command at hand stands.
    var range = SourceRange.start

    /// Commands within commands and functions within functions.
    static var deepestNesting: Int { 150 }

    init(_ script: ShellScript, _ runner: Runner, answers: [Bool], limits: ShellScript.Limits) {
        self.runner = runner
        self.limits = limits
        decisions = ShellDecisions(answers)
        isBash = script.isBash
        statements = script.statements
        hereDocuments = script.hereDocuments
        state.options = script.options
    }

    mutating func runAll() {
        finish { evaluator throws(ShellStop) in try evaluator.run(evaluator.statements) }
        guard let bytes = atExit?.known else { return }
        finish { evaluator throws(ShellStop) in try evaluator.run(text: bytes) }
    }

    private mutating func finish(_ body: (inout Self) throws(ShellStop) -> Void) {
        do throws(ShellStop) {
            try body(&self)
        } catch {
            guard case .limit(let error) = error else { return }
            notes.append(ShellNote(isError: true, error: error))
            atExit = nil
        }
    }

    mutating func note(_ code: String, _ message: String, at range: SourceRange? = nil) {
        notes.append(ShellNote(isError: false, error: ShellError(code, message, at: range ?? self.range)))
    }

    // MARK: Truth

    /// The texts are those of which the question is; without any it is about the host.
    mutating func decide(_ question: String, about texts: ShellText...) -> Bool {
        let gaps = texts.flatMap(\.gaps)
        return decisions.decide(
            question,
            range,
            isFixed: !gaps.isEmpty && gaps.allSatisfy(\.unknown.isStable),
            runs: gaps.allSatisfy(\.unknown.isSame) ? gaps.map(\.unknown.run) : []
        )
    }

    /// The number of a text that another run would give otherwise.
    mutating func nextRun() -> Int {
        runs += 1
        return runs
    }

    /// Whether the last command succeeded; an assumption if nobody knows.
    mutating func hasSucceeded() -> Bool {
        switch status {
        case .known(let value): return value == 0
        case .unknown(let question):
            let answer = decide(question)
            status = .known(answer ? 0 : 1)
            if !answer, let lookup, lookup.question == question, let before = lookup.before,
                printed == lookup.after
            {
                sink = .text(before)
            }
            return answer
        }
    }

    // MARK: Statements

    mutating func run(_ statements: [ShellStatement]) throws(ShellStop) {
        for statement in statements { try run(statement) }
    }

    private mutating func run(_ statement: ShellStatement) throws(ShellStop) {
        if statement.isInBackground {
            let saved = state
            defer { state = saved }
            do throws(ShellStop) {
                try runParts(of: statement)
            } catch {
                if case .limit = error { throw error }
            }
            status = .success
            return
        }
        try runParts(of: statement)
    }

    private mutating func runParts(of statement: ShellStatement) throws(ShellStop) {
        var isLast = statement.rest.isEmpty
        var trap = state.atError
        try run(statement.first, isTested: !isLast)
        var ran = statement.first
        for (number, part) in statement.rest.enumerated() {
            // `a || true` is no question: whatever becomes of `a`, it goes on.
            if part.joint == .or, case .unknown = status, part.pipeline.isTrue { status = .success }
            guard hasSucceeded() == (part.joint == .and) else { continue }
            isLast = number + 1 == statement.rest.count
            trap = state.atError
            try run(part.pipeline, isTested: !isLast)
            ran = part.pipeline
        }
        let isOwn = ran.commands.count > 1 || (ran.commands.first?.isJudgedByErrors ?? false)
        guard state.options.stopsAtErrors || trap != nil, testDepth == 0, isLast, !ran.isNegated, isOwn,
            !hasSucceeded()
        else { return }
        if trap != nil { try runErrorTrap() }
        if state.options.stopsAtErrors { throw .leaveShell }
    }

    /// What `trap` left for errors; the status stays, and an error of its own starts nothing.
    private mutating func runErrorTrap() throws(ShellStop) {
        guard let trap = state.atError, let commands = trap.known else { return }
        let failed = status
        state.atError = nil
        try run(text: commands, after: failed)
        if state.atError == nil { state.atError = trap }
        status = failed
    }

    private mutating func run(_ pipeline: ShellPipeline, isTested: Bool) throws(ShellStop) {
        let counts = isTested || pipeline.isNegated
        if counts { testDepth += 1 }
        defer { if counts { testDepth -= 1 } }
        if pipeline.commands.count == 1 {
            try run(pipeline.commands[0])
            state.pipeStatus = [status]
        } else {
            try runConnected(pipeline)
        }
        if pipeline.isNegated { status = .known(hasSucceeded() ? 1 : 0) }
    }

    /// `a | b`: each in a subshell, in order, as if the first ended before the second began.
    private mutating func runConnected(_ pipeline: ShellPipeline) throws(ShellStop) {
        let (outer, savedInput) = (sink, input)
        var all: [ShellStatus] = []
        for (number, command) in pipeline.commands.enumerated() {
            let isLast = number + 1 == pipeline.commands.count
            sink = isLast ? outer : .text(ShellText())
            try runApart(command)
            all.append(status)
            if !isLast, case .text(let text) = sink { input = ShellInput(text) }
        }
        input = savedInput
        state.pipeStatus = all
        if state.options.failsWithPipes { status = Self.status(ofPipe: all) }
    }

    /// That of the last command that failed (`set -o pipefail`).
    private static func status(ofPipe all: [ShellStatus]) -> ShellStatus {
        var questions: [String] = []
        for status in all.reversed() {
            switch status {
            case .known(0): continue
            case .known: return status
            case .unknown(let question): questions.append(question)
            }
        }
        return questions.isEmpty ? .success : .unknown(questions.reversed().joined(separator: " and "))
    }

    /// In a subshell, with what it leaves to be run at its end.
    mutating func runApart(_ command: ShellCommand) throws(ShellStop) {
        let (saved, savedTrap) = (state, atExit)
        atExit = nil
        if !state.options.handsOnErrorTrap { state.atError = nil }
        defer { (state, atExit) = (saved, savedTrap) }
        try stayingInside { evaluator throws(ShellStop) in try evaluator.run(command) }
        try runTrap()
    }

    /// What `trap` left for the end of the shell; its status stays.
    mutating func runTrap() throws(ShellStop) {
        guard let commands = atExit?.known else { return }
        atExit = nil
        let ended = status
        try stayingInside { evaluator throws(ShellStop) in try evaluator.run(text: commands) }
        status = ended
    }

    /// Whatever leaves the shell leaves only this.
    mutating func stayingInside(_ body: (inout Self) throws(ShellStop) -> Void) throws(ShellStop) {
        do throws(ShellStop) {
            try body(&self)
        } catch {
            if case .limit = error { throw error }
        }
    }

    mutating func spend() throws(ShellStop) {
        commands += 1
        guard commands <= limits.commands else {
            throw .limit(
                ShellError(
                    "limit.commands",
                    "the script runs more than \(limits.commands) commands: what follows is not looked at",
                    at: range
                )
            )
        }
    }
}

extension ShellPipeline {
    /// `true` or `:`
    var isTrue: Bool {
        guard commands.count == 1, !isNegated, case .simple(let simple) = commands[0].kind,
            simple.assignments.isEmpty, simple.words.count == 1, let name = simple.words[0].literal
        else { return false }
        return name == Array("true".utf8) || name == Array(":".utf8)
    }
}
