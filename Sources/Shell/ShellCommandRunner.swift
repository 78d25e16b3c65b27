package import Diagnostics

/// Somebody who knows what certain commands of a script do, and keeps the books of them.
package protocol ShellCommandRunner {
    /// What the command does and says; nil when the runner does not know it.
    mutating func run(_ invocation: ShellInvocation) -> ShellReply?

    /// A command that nobody knows: nothing of what it does is seen.
    mutating func pass(_ invocation: ShellInvocation)

    /// Text that goes into a file, with the command that writes it.
    mutating func write(_ text: ShellText, to path: ShellText, by invocation: ShellInvocation)
}

/// A command with its words as they are after all expansions.
package struct ShellInvocation: Sendable {
    /// The name of the command first; at least one.
    package var words: [ShellText]
    /// Where each word comes from.
    package var wordRanges: [SourceRange]
    package var range: SourceRange
    /// So many assumptions of the outcome were made before.
    package var assumptions: Int
    /// It stands in a loop that goes round an unknown number of times, and is told of once.
    package var isRepeated: Bool
    /// The script looks whether it succeeds.
    package var isTested: Bool
    /// Its errors are thrown away (`2>/dev/null`).
    package var isSilenced: Bool
    /// What it reads; nil when it reads what the script itself is given.
    package var input: ShellInput?
    /// What the script itself wrote into the files that words name, by the words' places.
    package var files: [Int: ShellText] = [:]

    /// The words as a person would write them, with unknown parts as the script has them.
    package var shown: String { words.map(\.shown).joined(separator: " ") }
}

package enum ShellStatus: Hashable, Sendable {
    case known(Int)
    /// The question whether it is 0.
    case unknown(String)

    static let success = ShellStatus.known(0)
}

package struct ShellReply: Sendable {
    package var status: ShellStatus
    package var output: ShellText
    /// The work that it took, if much: counted as so many commands more, so that no loop takes forever.
    package var cost: Int
    /// What the command writes into files itself.
    package var files: [(path: ShellText, text: ShellText)] = []

    package init(_ status: ShellStatus, output: ShellText = ShellText(), cost: Int = 0) {
        self.status = status
        self.output = output
        self.cost = cost
    }
}

/// Something that a script leaves open, and what is assumed of it.
package struct ShellAssumption: Hashable, Sendable {
    /// As a clause that may hold or not: `-f /etc/firewall.conf`, `$1 is start`.
    package let question: String
    package let holds: Bool
    /// Where it was asked first.
    package let range: SourceRange

    package var text: String { holds ? question : "not: \(question)" }
}

/// Something to tell about the script itself.
package struct ShellNote: Hashable, Sendable {
    package let isError: Bool
    package let error: ShellError

    package init(isError: Bool, error: ShellError) {
        self.isError = isError
        self.error = error
    }
}
