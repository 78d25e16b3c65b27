import Diagnostics

/// What a subshell gets a copy of.
struct ShellState {
    var variables: [String: ShellVariable] = [:]
    /// Names that are known to have no value.
    var unset: Set<String> = []
    /// Names that stand for others (`local -n`); what is said of them is said of those.
    var references: [String: String] = [:]
    /// Of the function that runs; nil: those of the script, which nobody knows.
    var arguments: [ShellText]?
    /// So many arguments of the script are shifted away.
    var shifted = 0
    var functions: [String: ShellFunction] = [:]
    var options = ShellOptions()
    /// What `local` hides, for each function that runs.
    var hidden: [[String: HiddenVariable]] = []
    /// So many files run that `.` reads.
    var sourced = 0
    /// Names whose values a command gets.
    var exported: Set<String> = []
    /// Of each command of the last pipeline, for `PIPESTATUS`.
    var pipeStatus: [ShellStatus] = []
    /// The folder in which the shell stands; relative to where the script began, as far as that is known.
    var folder = ShellText()
    /// The name of the script, of one that the script itself wrote.
    var name: ShellText?
    /// With what the shell ends at a name without a value (`set -u`).
    var unboundStatus = 1
    /// What `trap` leaves to be run when a command fails.
    var atError: ShellText?
    /// Where `getopts` is within a word of many letters.
    var optionLetter = 1

    /// `return` has something to return from.
    var canReturn: Bool { !hidden.isEmpty || sourced > 0 }
}

/// What `set` turns on and off, as far as it changes what a script does.
struct ShellOptions {
    /// `-e`
    var stopsAtErrors = false
    /// `-u`
    var stopsAtUnset = false
    /// `-o pipefail`
    var failsWithPipes = false
    /// `-a`
    var exportsAll = false
    /// `-E`: functions and subshells have the trap of errors too.
    var handsOnErrorTrap = false
    /// `shopt -s extglob`
    var hasExtendedPatterns = false

    mutating func set(letter: Character, _ isOn: Bool) {
        switch letter {
        case "e": stopsAtErrors = isOn
        case "u": stopsAtUnset = isOn
        case "a": exportsAll = isOn
        case "E": handsOnErrorTrap = isOn
        default: break
        }
    }

    mutating func set(name: String, _ isOn: Bool) {
        switch name {
        case "errexit": stopsAtErrors = isOn
        case "nounset": stopsAtUnset = isOn
        case "pipefail": failsWithPipes = isOn
        case "allexport": exportsAll = isOn
        case "errtrace": handsOnErrorTrap = isOn
        default: break
        }
    }
}

/// A variable as it was before another took its place for a while.
struct HiddenVariable {
    let variable: ShellVariable?
    let isUnset: Bool
    let isExported: Bool
    let reference: String?
}

extension ShellState {
    func kept(_ name: String) -> HiddenVariable {
        HiddenVariable(
            variable: variables[name],
            isUnset: unset.contains(name),
            isExported: exported.contains(name),
            reference: references[name]
        )
    }

    /// The name that it stands for, which is itself but for what `local -n` makes.
    func target(_ name: String) -> String {
        guard !references.isEmpty else { return name }
        var (target, left) = (name, Self.longestReference)
        while left > 0, let next = references[target] { (target, left) = (next, left - 1) }
        return target
    }

    private static let longestReference = 10

    mutating func bringBack(_ hidden: HiddenVariable, _ name: String) {
        variables[name] = hidden.variable
        references[name] = hidden.reference
        if hidden.isUnset { unset.insert(name) } else { unset.remove(name) }
        if hidden.isExported { exported.insert(name) } else { exported.remove(name) }
    }
}

/// What makes the evaluation leave the place where it is.
enum ShellStop: Error {
    case leaveLoop(Int)
    case nextRound(Int)
    case leaveFunction
    case leaveShell
    /// A limit is met: nothing further is run.
    case limit(ShellError)
}

/// The questions that a script leaves open, with their answers.
struct ShellDecisions {
    private struct Key: Hashable {
        let question: String
        /// The runs of which the question is.
        let runs: [Int]
    }

    private let given: [Bool]
    private(set) var made: [ShellAssumption] = []
    private var answers: [String: Bool] = [:]
    private var answersOfRuns: [Key: Bool] = [:]
    /// So many questions were asked, the same one counted again.
    private(set) var asked = 0
    /// The questions in which a word stands.
    private var questions: [String: Set<String>] = [:]
    /// Those whose answer may have changed since they were asked, and how often.
    private var stale: Set<String> = []
    private var changes: [String: Int] = [:]

    init(_ given: [Bool]) {
        self.given = given
    }

    /// The answer that was given before, else the one that is planned, else yes. What is asked about a stable unknown
    /// (`isFixed`) has one answer; anything else may have another one when a command changed it.
    mutating func decide(_ question: String, _ range: SourceRange, isFixed: Bool, runs: [Int]) -> Bool {
        asked += 1
        let key = Key(question: question, runs: runs)
        if !runs.isEmpty, let answer = answersOfRuns[key] { return answer }
        if let answer = answers[question], !stale.contains(question) {
            answersOfRuns[key] = answer
            return answer
        }
        var asked = question
        if stale.remove(question) != nil {
            let count = changes[question, default: 1] + 1
            changes[question] = count
            asked += count == 2 ? ", asked again" : ", asked for the \(count)th time"
        }
        let answer = made.count < given.count ? given[made.count] : true
        answers[question] = answer
        answersOfRuns[key] = answer
        if !isFixed {
            for subject in Self.subjects(of: question) { questions[subject, default: []].insert(question) }
        }
        made.append(ShellAssumption(question: asked, holds: answer, range: range))
        return answer
    }

    /// A command ran of which nobody knows what it does: the answers to questions about its words may be others now,
    /// but for that to the question whether it succeeds.
    mutating func change(_ words: [String], but own: String? = nil) {
        guard !questions.isEmpty else { return }
        for word in words where !word.hasPrefix("-") || word.contains("=") {
            for subject in Self.subjects(of: word) {
                guard let found = questions[subject] else { continue }
                stale.formUnion(found.filter { $0 != own })
            }
        }
    }

    /// The words, and the names at the end of paths.
    private static func subjects(of text: String) -> [String] {
        var subjects: [String] = []
        let marks: Set<Character> = ["`", "'", "\"", "(", ")", "$", ";", ",", "=", "<", ">", "|", "&"]
        for word in text.split(whereSeparator: { $0 == " " || marks.contains($0) }) {
            guard word.count > 1, !word.hasPrefix("-"), Int(word) == nil, !commonWords.contains(String(word))
            else { continue }
            subjects.append(String(word))
            if word.contains("/"), let last = word.split(separator: "/").last, last.count > 1 {
                subjects.append(String(last))
            }
        }
        return subjects
    }

    /// Those of which questions are made.
    private static let commonWords: Set<String> = [
        "succeeds", "on", "is", "there", "line", "something", "matches", "set", "not", "in", "reads", "finds",
    ]
}
