import Diagnostics

extension StateFolder {
    /// What is to be said where a change waits: no other one begins before it is decided.
    func waitingDiagnostics() throws -> [Diagnostic] {
        guard let number = try undecided(), let deadline = try commitment(number)?.deadline else { return [] }
        let left = Int(deadline - BootClock.now.inSeconds)
        // The next command finishes what nobody decided in time.
        guard left > 0 else { return [] }
        return [
            Diagnostic(
                code: "preflight.change.waiting",
                "generation \(number) by \(try generation(number).author) waits to be confirmed, for \(left) s more",
                fix: "run `wallwright confirm \(number)-CODE` from a new login, or `wallwright rollback`"
            )
        ]
    }
}
