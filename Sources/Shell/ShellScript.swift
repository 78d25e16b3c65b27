package import Diagnostics

/// A script that was read, to be run by us and never by a shell.
package struct ShellScript: Sendable {
    let statements: [ShellStatement]
    let hereDocuments: [ShellHereDocument]
    /// bash says so in the first line; else the shell is taken to be a plain one.
    let isBash: Bool
    /// Those that stand in the first line: `#!/bin/sh -eu`.
    let options: ShellOptions
    /// Why the rest of it was not read: a shell stops there too.
    package let error: ShellError?

    package init(_ source: SourceFile) {
        let end = source.bytes.firstIndex(of: UInt8(ascii: "\n")) ?? 0
        let hasCarriageReturns = end > 0 && source.bytes[end - 1] == UInt8(ascii: "\r")
        var parser = ShellParser(source.bytes, hasCarriageReturns: hasCarriageReturns)
        let (read, found) = parser.readAll()
        (statements, hereDocuments) = (read, parser.hereDocuments)
        if hasCarriageReturns {
            error = ShellError(
                "line.end",
                "the lines end with CR LF, which a shell takes for part of the last word",
                fix: "remove them, as tr -d '\\r' does",
                at: source.lineRange(of: 0)
            )
        } else {
            error = found
        }
        let first = source.line(1)
        isBash = Self.isBash(firstLine: first)
        options = Self.options(firstLine: first)
    }

    static func isBash(firstLine: String) -> Bool { !firstLine.hasPrefix("#!") || firstLine.contains("bash") }

    static func options(firstLine: String) -> ShellOptions {
        var options = ShellOptions()
        guard firstLine.hasPrefix("#!") else { return options }
        for word in firstLine.split(whereSeparator: \.isWhitespace).dropFirst() where word.hasPrefix("-") {
            for letter in word.dropFirst() { options.set(letter: letter, true) }
        }
        return options
    }

    package struct Limits: Sendable {
        /// Commands of one outcome.
        package var commands = 1_000_000
        /// Commands of all outcomes: when so many have run, no further outcome is begun.
        package var allCommands = 2_000_000
        package var outcomes = 64
        /// Bytes of one text.
        package var text = 1 << 24

        package init() {}
    }

    /// The outcomes, that of all assumptions holding first. Each is a run of its own from the beginning, so what
    /// stands in it is exact for its assumptions. `isComplete` is false when there are more than the limits allow:
    /// then every answer to every question found is still in one outcome at least, as far as the limits reach.
    package func outcomes<Runner: ShellCommandRunner>(
        limits: Limits = Limits(),
        runner: () -> Runner
    ) -> (outcomes: [ShellOutcome<Runner>], isComplete: Bool) {
        var outcomes: [ShellOutcome<Runner>] = []
        var plan = OutcomePlan()
        var commands = 0
        while let answers = plan.next(after: outcomes.map(\.assumptions)) {
            guard outcomes.count < limits.outcomes, commands < limits.allCommands else {
                return (outcomes, false)
            }
            var evaluator = ShellEvaluator(self, runner(), answers: answers, limits: limits)
            evaluator.runAll()
            commands += evaluator.commands
            plan.add(evaluator.decisions.made, from: answers.count, outcome: outcomes.count)
            outcomes.append(
                ShellOutcome(
                    runner: evaluator.runner,
                    assumptions: evaluator.decisions.made,
                    notes: evaluator.notes
                )
            )
        }
        return (outcomes, true)
    }
}

/// What a script does when certain assumptions hold.
package struct ShellOutcome<Runner: ShellCommandRunner> {
    package let runner: Runner
    /// In the order in which they were made.
    package let assumptions: [ShellAssumption]
    package let notes: [ShellNote]
}

extension ShellOutcome: Sendable where Runner: Sendable {}

/// Which answers are to be tried next: those that no outcome has given yet come first.
struct OutcomePlan {
    /// The answers of an outcome up to a place, and the other answer there.
    private struct Turn {
        let outcome: Int
        let place: Int
        let answer: Answer
    }

    private struct Answer: Hashable {
        let question: String
        let holds: Bool
    }

    private var isStarted = false
    private var fresh: [Turn] = []
    private var rest: [Turn] = []
    private var (nextFresh, nextRest) = (0, 0)
    private var given: Set<Answer> = []

    mutating func add(_ made: [ShellAssumption], from start: Int, outcome: Int) {
        for assumption in made {
            given.insert(Answer(question: assumption.question, holds: assumption.holds))
        }
        for place in start..<max(start, made.count) {
            let answer = Answer(question: made[place].question, holds: !made[place].holds)
            let turn = Turn(outcome: outcome, place: place, answer: answer)
            if given.contains(answer) { rest.append(turn) } else { fresh.append(turn) }
        }
    }

    mutating func next(after outcomes: [[ShellAssumption]]) -> [Bool]? {
        guard isStarted else {
            isStarted = true
            return []
        }
        while nextFresh < fresh.count {
            let turn = fresh[nextFresh]
            nextFresh += 1
            if given.contains(turn.answer) {
                rest.append(turn)
            } else {
                return answers(turn, outcomes)
            }
        }
        guard nextRest < rest.count else { return nil }
        nextRest += 1
        return answers(rest[nextRest - 1], outcomes)
    }

    private func answers(_ turn: Turn, _ outcomes: [[ShellAssumption]]) -> [Bool] {
        outcomes[turn.outcome].prefix(turn.place).map(\.holds) + [turn.answer.holds]
    }
}
