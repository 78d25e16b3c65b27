import Diagnostics
import Glibc
import Kernel

/// What a person says who takes an old session for proof although it came over the network: such a session goes on under
/// any rules, and only somebody with another way in can afford to be wrong.
enum ConsoleOath {
    private static let sentence = "I have a console"

    /// Returns for whoever sits at the machine, or has typed the sentence; throws for others.
    static func ask(of session: LoginSession) throws(Failure) {
        guard session.connection != nil else { return }
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            throw Failure(
                .refused,
                "--same-session is for the console, and this session came over the network; nothing is confirmed\n"
                    + "do: open a second login, and confirm there"
            )
        }
        Terminal.output.write(
            """
            This session was let in by the old rules: it proves nothing about new logins.
            If they are wrong, only a console leads back. Type  \(sentence)  or press Enter.
            >
            """ + " "
        )
        guard readLine()?.split(separator: " ").joined(separator: " ").lowercased() == sentence.lowercased()
        else {
            throw Failure(.refused, "nothing is confirmed\ndo: open a second login, and confirm there")
        }
    }
}
