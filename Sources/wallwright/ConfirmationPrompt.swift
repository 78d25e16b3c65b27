import Deployment
import Diagnostics
import FoundationEssentials
import Glibc
import Kernel

/// Waits beside the guard for the decision, and takes the code where a person can type it.
struct ConfirmationPrompt {
    let folder: StateFolder
    let host: HostIdentity
    let author: Author
    let committed: Change.Committed

    private var generation: Generation { committed.generation }
    /// In seconds since boot; somebody may have asked for more time. A state that cannot be read says nothing new.
    private var deadline: Double {
        do {
            return try folder.commitment(generation.number)?.deadline ?? committed.commitment.deadline
        } catch {
            return committed.commitment.deadline
        }
    }
    private var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }
    private var secondsLeft: Int {
        Int((deadline - BootClock.now.inSeconds).rounded(.up))
    }

    func run() async throws {
        // Who was stopped on the way here may come too late.
        if folder.outcome(generation.number) != .pending { return try await awaitEnd() }
        let seconds = secondsLeft
        let end = Date.now.addingTimeInterval(Double(seconds)).clock
        Terminal.output.write(
            Terminal.output.paint(
                "generation \(generation.number) is live, and is taken back at \(end) (in \(seconds) s) unless you confirm\n",
                .strong
            )
        )
        guard isInteractive else {
            Terminal.output.write("do: from a new login, wallwright confirm \(generation.ticket)\n")
            return
        }
        Terminal.output.write(
            """

              1. Leave this window alone. Open a SECOND login to this server now.
              2. You are in?   Type there:  wallwright confirm \(generation.ticket)
                               or here:     \(generation.ticket)
                 You are not?  Press Ctrl-C here, or wait: the old firewall comes back.
                 More time?    Type there:  wallwright confirm --extend 10m


            """
        )
        try await wait()
    }

    private func wait() async throws {
        // What was typed before the question is no answer to it.
        tcflush(STDIN_FILENO, TCIFLUSH)
        var typed: [UInt8] = []
        var isOpen = true
        var asked: Int?
        var ends = 0
        while true {
            if let end = try await decided() { return try end.tell() }
            let left = secondsLeft
            // The question comes anew after each answer, and when half a minute and ten seconds are left.
            if isOpen, asked == nil || Self.reminders.contains(where: { $0 < (asked ?? 0) && left <= $0 }) {
                if asked != nil { Terminal.output.write("\n") }
                Terminal.output.write("code (\(max(0, left)) s left): ")
                asked = left
            }
            if CaughtSignals.hasCome(SIGINT) { return try await takeBackNow() }
            guard isOpen else {
                try await Task.sleep(for: .milliseconds(100))
                continue
            }
            switch try Keyboard.read(within: .milliseconds(100)) {
            case .typed(let bytes): typed += bytes
            case .end where ends < Self.mostEnds:
                ends += 1
                // As Enter, which it is for those who press it.
                Terminal.output.write("\n")
                typed.append(UInt8(ascii: "\n"))
            case .end, .gone: isOpen = false
            case nil: continue
            }
            while let end = typed.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: typed[..<end], as: UTF8.self).filter { !$0.isWhitespace }
                typed.removeFirst(end + 1)
                if try await accepts(line) { return }
                asked = nil
            }
        }
    }

    private static let reminders = [30, 10]
    /// So often Ctrl-D is taken for a key that was pressed; an input that is at its end says so for ever.
    private static let mostEnds = 20

    /// Tries what was typed; says why it is not taken.
    private func accepts(_ line: String) async throws -> Bool {
        guard !line.isEmpty else {
            Terminal.output.write(
                "that confirms nothing: log in a second time first, then type \(generation.ticket)\n"
            )
            return false
        }
        guard generation.isMeant(by: line) else {
            Terminal.output.write(
                "\(line) is not the code; log in a second time, then type \(generation.ticket)\n"
            )
            return false
        }
        let ticket = generation.ticket
        let confirmation = Confirmation(ticket: ticket, session: nil, trustsOldSession: true, author: author)
        let notice = ConfirmationNotice(ticket: ticket, began: confirmation.began, in: folder)
        defer { withExtendedLifetime(notice) {} }
        do {
            let lock = try await ChangeLock.acquire(
                in: folder,
                for: "wallwright apply",
                waiting: notice?.patience ?? .seconds(5)
            )
            try await confirmation.perform(in: folder, host: host, holding: lock).tell()
        } catch let error as ChangeError where error.kind == .refused {
            // Too late, or decided elsewhere: the next look says which.
            if folder.outcome(generation.number) == .pending { Terminal.output.write("\(error)\n") }
            return false
        }
        return true
    }

    /// How it was decided, by whom; nil while it is not.
    private func decided() async throws -> End? {
        let number = generation.number
        switch folder.outcome(number) {
        case .pending: return nil
        case .rollingBack:
            // The guard is at it; it has a minute before somebody should look.
            guard BootClock.now.inSeconds > deadline + 90 else { return nil }
            throw ChangeError.failed("generation \(number) is not taken back yet\ndo: wallwright status")
        case .confirmed, .rolledBack, nil: break
        }
        // Who decided writes down why a moment later.
        try await Task.sleep(for: .milliseconds(100))
        let decision = try folder.decision(number)
        return End(number: number, outcome: folder.outcome(number), decision: decision)
    }

    private func awaitEnd() async throws {
        while true {
            if let end = try await decided() { return try end.tell() }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Nobody else needs to be asked: the person changed their mind.
    private func takeBackNow() async throws {
        Terminal.output.write("\n")
        let lock = try await ChangeLock.acquire(in: folder, for: "wallwright apply", waiting: .seconds(30))
        let end = try await folder.takeBack(generation.number, by: author, reason: "Ctrl-C", holding: lock)
        try End(number: generation.number, outcome: end, decision: nil).tell()
    }

    private struct End {
        let number: Int
        let outcome: Generation.Outcome?
        let decision: Decision?

        func tell() throws {
            let who = decision?.author.map { " by \($0)" } ?? ""
            switch outcome {
            case .confirmed:
                Terminal.output.write(
                    "\n" + Terminal.output.paint("confirmed\(who): generation \(number) stays\n", .good)
                )
            case .rolledBack:
                let why = decision.map { ": \($0.reason)" } ?? ""
                throw Failure(
                    .refused,
                    "generation \(number) was taken back\(who)\(why)\nthe firewall from before is live",
                    onNewLine: true
                )
            case .pending, .rollingBack, nil:
                throw Failure(
                    .systemFailed,
                    "the state of generation \(number) is gone\ndo: wallwright status"
                )
            }
        }
    }
}
