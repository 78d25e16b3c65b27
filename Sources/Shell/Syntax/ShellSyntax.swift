package import Diagnostics

/// A command line of a script with what joins its parts: `a | b && c`.
struct ShellStatement: Sendable {
    enum Joint: Sendable {
        case and
        case or
    }

    var first: ShellPipeline
    var rest: [(joint: Joint, pipeline: ShellPipeline)] = []
    /// It ends with `&`.
    var isInBackground = false
}

struct ShellPipeline: Sendable {
    var isNegated = false
    var commands: [ShellCommand]
    var range: SourceRange
}

struct ShellCommand: Sendable {
    var kind: Kind
    var redirections: [ShellRedirection] = []
    var range: SourceRange

    indirect enum Kind: Sendable {
        case simple(ShellSimpleCommand)
        case group([ShellStatement])
        case subshell([ShellStatement])
        case conditional([ShellBranch], otherwise: [ShellStatement]?)
        case loop(condition: [ShellStatement], isUntil: Bool, body: [ShellStatement])
        /// Without words: over the arguments.
        case forEach(name: String, words: [ShellWord]?, body: [ShellStatement])
        /// As ``forEach(name:words:body:)``, of what a person chooses.
        case select(name: String, words: [ShellWord]?, body: [ShellStatement])
        case counted(start: ShellWord, condition: ShellWord, step: ShellWord, body: [ShellStatement])
        case choice(ShellWord, [ShellChoice])
        case function(name: String, body: ShellFunction)
        /// `[[ … ]]`
        case test(ShellTest)
        /// `(( … ))`
        case arithmetic(ShellWord)
    }
}

struct ShellBranch: Sendable {
    var condition: [ShellStatement]
    var body: [ShellStatement]
}

/// A part of `case`.
struct ShellChoice: Sendable {
    var patterns: [ShellWord]
    var body: [ShellStatement]
    var end: End

    enum End: Sendable {
        case leave
        /// `;&`
        case fallThrough
        /// `;;&`
        case goOn
    }
}

struct ShellFunction: Sendable {
    var body: ShellCommand
}

struct ShellSimpleCommand: Sendable {
    /// Before the name of the command.
    var assignments: [ShellAssignment] = []
    var words: [ShellWord] = []
    /// `local a=1 b=(2 3)`: what such a command is given to assign.
    var declarations: [ShellAssignment] = []
}

struct ShellAssignment: Sendable {
    var name: String
    var index: ShellWord?
    var isAppending = false
    var value: Value
    var range: SourceRange

    enum Value: Sendable {
        case single(ShellWord)
        /// The elements of an array, with the index that stands before some.
        case list([(index: ShellWord?, value: ShellWord)])
    }
}

struct ShellRedirection: Sendable {
    /// nil: both of what a command prints (`&>`).
    var descriptor: Int?
    var kind: Kind

    enum Kind: Sendable {
        case read(ShellWord)
        case write(ShellWord, isAppending: Bool)
        /// `2>&1`
        case duplicate(ShellWord)
        /// The place among the here-documents of the script.
        case hereDocument(Int)
        case hereString(ShellWord)
    }
}

struct ShellHereDocument: Sendable {
    /// The text with what is to be expanded in it.
    var body: ShellWord
    /// Of the lines of text, without the last line.
    var range: SourceRange
}

struct ShellWord: Sendable {
    var parts: [Part]
    var range: SourceRange

    indirect enum Part: Sendable {
        case literal([UInt8], isQuoted: Bool)
        case parameter(ShellParameter, isQuoted: Bool)
        case command([ShellStatement], name: String, isQuoted: Bool)
        case arithmetic(ShellWord, name: String, isQuoted: Bool)
        /// `<( … )`: a file with what the commands print.
        case process([ShellStatement], name: String)
        /// What is only known to be there.
        case unknown(String)
    }

    /// The text when nothing in it is to be expanded.
    var literal: [UInt8]? {
        var bytes: [UInt8] = []
        for part in parts {
            guard case .literal(let more, _) = part else { return nil }
            bytes += more
        }
        return bytes
    }
}

extension [ShellStatement] {
    /// `< file` and nothing else, which in `$( … )` stands for what is in the file.
    var onlyRead: ShellWord? {
        guard count == 1, self[0].rest.isEmpty, !self[0].isInBackground, self[0].first.commands.count == 1,
            case .simple(let simple) = self[0].first.commands[0].kind, simple.words.isEmpty,
            simple.assignments.isEmpty, self[0].first.commands[0].redirections.count == 1,
            case .read(let word) = self[0].first.commands[0].redirections[0].kind
        else { return nil }
        return word
    }
}

/// `${name…}`
struct ShellParameter: Sendable {
    enum Index: Sendable {
        /// `[@]`, or `[*]`, which within quotes is one word.
        case all(isJoined: Bool)
        case one(ShellWord)
    }

    enum Operation: Sendable {
        /// `-`, `=`, `?` or `+`, with or without the colon.
        case instead(UInt8, alsoWhenEmpty: Bool, ShellWord)
        case trim(fromEnd: Bool, isLongest: Bool, ShellWord)
        case replace(ShellWord, with: ShellWord, isGlobal: Bool, anchor: UInt8?)
        case part(from: ShellWord, length: ShellWord?)
        /// `^`, `^^`, `,` or `,,`
        case recase(isUpper: Bool, isAll: Bool)
        /// Something that is not evaluated.
        case other
    }

    /// A name, a number, or one of `@ * # ? - $ ! 0`.
    var name: String
    var index: Index?
    /// `${#name}`
    var isLength = false
    /// `${!name}`
    var isIndirect = false
    var operation: Operation?
    /// As it stands in the script.
    var shown: String

    /// All values are one word within quotes: `"$*"`.
    var isJoined: Bool {
        if case .all(let isJoined) = index { isJoined } else { name == "*" }
    }
}

/// The inside of `[[ … ]]`.
indirect enum ShellTest: Sendable {
    case words([ShellWord])
    case not(ShellTest)
    case and(ShellTest, ShellTest)
    case or(ShellTest, ShellTest)
}

/// Why a script cannot be read or run on.
package struct ShellError: Error, Hashable, Sendable {
    package let code: String
    package let message: String
    package let fix: Fix?
    package let range: SourceRange

    init(_ code: String, _ message: String, fix: Fix? = nil, at range: SourceRange) {
        self.code = code
        self.message = message
        self.fix = fix
        self.range = range
    }
}
