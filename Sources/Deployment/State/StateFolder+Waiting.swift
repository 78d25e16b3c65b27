import Diagnostics

extension StateFolder {
    /// How long a generation waits; nil where it is not in the kernel yet, or that cannot be read.
    func secondsLeft(of number: Int) -> Int? {
        do { return try commitment(number).map { max(0, Int($0.deadline - BootClock.now.inSeconds)) } } catch
        {
            return nil
        }
    }

    /// What is to be said where a change waits: no other one begins before it is decided.
    func waitingDiagnostics() throws -> [Diagnostic] {
        guard let number = try undecided(), has("\(Self.folder(number))/\(Self.commitmentFile)") else {
            return []
        }
        let left = secondsLeft(of: number)
        // The next command finishes what nobody decided in time.
        if left == 0 { return [] }
        let time = left.map { ", for \($0) s more" } ?? ""
        return [
            Diagnostic(
                code: "preflight.change.waiting",
                "generation \(number) by \(try generation(number).author) waits to be confirmed\(time)",
                fix: "run `wallwright confirm \(number)-CODE` from a new login, or `wallwright rollback`"
            )
        ]
    }
}
