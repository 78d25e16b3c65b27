import Diagnostics

/// Commands as they are typed in a shell.
enum CommandWords {
    /// The command that runs, with all its arguments.
    static var own: String {
        (["wallwright"] + CommandLine.arguments.dropFirst().map(quoted)).joined(separator: " ")
    }

    /// A word that the shell takes as it is; in quotes where it would not.
    static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    && (scalar.properties.isAlphabetic
                        || "0123456789@%+=:,./-_".unicodeScalars.contains(scalar))
            }
        return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
    }
}
