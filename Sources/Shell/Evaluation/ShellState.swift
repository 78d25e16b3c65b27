import Diagnostics

/// What a subshell gets a copy of.
struct ShellState {
    var variables: [String: ShellVariable] = [:]
    /// Names that are known to have no value.
    var unset: Set<String> = []
    /// Of the function that runs; nil: those of the script, which nobody knows.
    var arguments: [ShellText]?
    /// So many arguments of the script are shifted away.
    var shifted = 0
    var functions: [String: ShellFunction] = [:]
    var stopsAtErrors = false
    /// What `local` hides, for each function that runs.
    var hidden: [[String: ShellVariable?]] = []
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
    private let given: [Bool]
    private(set) var made: [ShellAssumption] = []
    private var answers: [String: Bool] = [:]
    /// So many questions were asked, the same one counted again.
    private(set) var asked = 0

    init(_ given: [Bool]) {
        self.given = given
    }

    /// The answer that was given before, else the one that is planned, else yes.
    mutating func decide(_ question: String, _ range: SourceRange) -> Bool {
        asked += 1
        if let answer = answers[question] { return answer }
        let answer = made.count < given.count ? given[made.count] : true
        answers[question] = answer
        made.append(ShellAssumption(question: question, holds: answer, range: range))
        return answer
    }
}
