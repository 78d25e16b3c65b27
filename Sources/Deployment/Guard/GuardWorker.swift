import Glibc
import Kernel

/// Holds the way back in memory and takes a generation back when its time is over, when the process that commits it is
/// gone, or when the guard itself is told to end; whatever happens to terminals, shells and connections.
package final class GuardWorker {
    private let folder: StateFolder
    private let number: Int
    private let takeBack: TakeBack
    private let seat: Seat
    private let log: EventLog
    /// When to give up on a commit that neither ends nor dies.
    private let commitLimit: Duration
    /// In seconds since boot, once it is known.
    private var deadline: Double?

    /// How often it looks around.
    private static let pause = Duration.milliseconds(50)
    /// How long it waits for the lock when the time is over: at first no longer than somebody takes who does nothing but
    /// a look, then longer than any tool may run that only reads.
    private static let shortPatience = Duration.seconds(3)
    private static let lockPatience = Duration.seconds(70)
    private static let attemptPause = Duration.seconds(2)
    /// How often it looks again at what is in doubt once the old firewall is back, and how long each look may take.
    private static let looks = 5
    private static let lookPatience = Duration.seconds(5)

    /// Reads all that it will need; throws when this is not the place, or another guard is at work.
    package init(folder: StateFolder, number: Int) throws {
        self.folder = folder
        self.number = number
        log = EventLog.ofGuard(number, in: folder)
        let generation = try folder.generation(number)
        let here = try HostIdentity.current()
        guard generation.host == here else {
            throw ChangeError.refused("generation \(number) belongs to another boot or network namespace")
        }
        takeBack = try folder.takeBack(number)
        guard let seat = Seat.guarding(number, in: folder) else {
            throw ChangeError.failed("the seat of the guard of generation \(number) cannot be opened")
        }
        self.seat = seat
        commitLimit = BootClock.now + .seconds(180)
    }

    /// Works until the generation is decided.
    package func run() async throws {
        for signal in [
            SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTSTP, SIGTTIN, SIGTTOU, SIGUSR1, SIGUSR2, SIGALRM,
        ] {
            CaughtSignals.ignore(signal)
        }
        CaughtSignals.note(SIGTERM)
        escapeMemoryKiller()
        guard seat.take() else {
            throw ChangeError.refused("another guard of generation \(number) is at work")
        }
        log.say("on guard, process \(getpid())")
        while true {
            switch folder.outcome(number) {
            case .confirmed, .rolledBack: return
            case .rollingBack:
                if try await bringBack("taking it back was interrupted") { return }
            case .pending, nil: break
            }
            if let reason = reasonToAct(), try await bringBack(reason) { return }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Why the generation must go now; nil while it may stand.
    private func reasonToAct() -> String? {
        if CaughtSignals.hasCome(SIGTERM) { return "the guard was told to end" }
        let now = BootClock.now
        if deadline == nil { deadline = readDeadline() }
        if let deadline {
            guard folder.isOver(number, deadline: deadline), !isExtended() else { return nil }
            return "nobody confirmed it in time"
        }
        if now >= commitLimit { return "the commit did not end" }
        // Who commits holds the lock, and so does every tool that works for it, until the deadline is on the disk.
        guard case .taken(let lock) = attemptLock() else { return nil }
        deadline = readDeadline()
        withExtendedLifetime(lock) {}
        return deadline == nil ? "the apply was interrupted" : nil
    }

    /// In seconds since boot; nil while it is not known. A state that cannot be read makes nothing known.
    private func readDeadline() -> Double? {
        do {
            return try folder.commitment(number)?.deadline
        } catch {
            log.say("\(error)")
            return nil
        }
    }

    /// Whether somebody asked for more time since the guard looked last.
    private func isExtended() -> Bool {
        guard !CaughtSignals.hasCome(SIGTERM), folder.outcome(number) == .pending, let known = deadline,
            let current = readDeadline(), current > known
        else { return false }
        deadline = current
        log.say("generation \(number) has \(Int(current - BootClock.now.inSeconds)) s more")
        return true
    }

    private enum LockAttempt {
        case taken(ChangeLock)
        case isHeld
        /// The state is gone, or its disk does not answer.
        case impossible
    }

    private func attemptLock() -> LockAttempt {
        do {
            let lock = try ChangeLock.attempt(in: folder, for: "the guard of generation \(number)")
            return lock.map(LockAttempt.taken) ?? .isHeld
        } catch {
            return .impossible
        }
    }

    /// Waits for the lock. A watch that looks, with tools that hang, must not keep the old firewall from coming back; a
    /// confirm that is at it may have begun in time.
    private func awaitLock(_ attempt: Int) async throws -> LockAttempt {
        let start = BootClock.now
        while BootClock.now < start + Self.lockPatience {
            let lock = attemptLock()
            guard case .isHeld = lock else { return lock }
            if attempt == 1, BootClock.now >= start + Self.shortPatience,
                ChangeLock.holder(in: folder)?.hasPrefix("wallwright confirm") != true
            {
                return .isHeld
            }
            // Whoever has the lock may be deciding this very generation.
            if folder.outcome(number) == .confirmed || folder.outcome(number) == .rolledBack { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        return .isHeld
    }

    /// Brings the old firewall back, again and again for as long as the kernel refuses.
    ///
    /// Whoever holds the lock all that time was stopped, and may go on: then the firewall comes back without the lock,
    /// and the guard stays until it has looked once more with it. Returns false where somebody got more time meanwhile.
    private func bringBack(_ reason: String) async throws -> Bool {
        log.say("taking generation \(number) back: \(reason)")
        var attempt = 1
        while true {
            do {
                switch try await bringBack(reason, attempt: attempt) {
                case .done: return true
                case .extended: return false
                case .notYet: break
                }
            } catch {
                log.say("attempt \(attempt): \(error)")
                try await Task.sleep(for: Self.attemptPause)
            }
            attempt += 1
        }
    }

    private enum Attempt {
        case done
        /// The lock was not to be had.
        case notYet
        /// There is more time, and nothing was taken back.
        case extended
    }

    private func bringBack(_ reason: String, attempt: Int) async throws -> Attempt {
        let result: TakeBack.Result
        switch try await awaitLock(attempt) {
        case .taken(let lock):
            if isExtended() { return .extended }
            result = try await takeBack.perform(reason, by: nil, holding: lock)
        case .impossible:
            // The state is gone: nobody else can act on it either.
            result = try await takeBack.perform(reason, by: nil, holding: nil)
        case .isHeld:
            if folder.outcome(number) == .confirmed || folder.outcome(number) == .rolledBack { return .done }
            if isExtended() { return .extended }
            log.say("attempt \(attempt): the lock was not to be had; the firewall comes back without it")
            try await takeBack.performUnlocked()
            return .notYet
        }
        log.say("generation \(number) is \(result.outcome.rawValue)")
        if !result.doubts.isEmpty { try await look(again: result.doubts) }
        return .done
    }

    /// The old firewall is back; what was left of the new one, or could not be seen, is tried a few times more, as long as
    /// nobody changes the firewall.
    private func look(again doubts: [String]) async throws {
        var doubts = doubts
        for doubt in doubts { log.say(doubt) }
        for _ in 1...Self.looks where !doubts.isEmpty {
            try await Task.sleep(for: Self.attemptPause)
            guard case .taken(let lock) = attemptLock() else { continue }
            guard try folder.generationNumbers().last == number else { return }
            doubts = await takeBack.settle(holding: lock, within: Self.lookPatience)
        }
        log.say(doubts.isEmpty ? "all is as it was before" : "given up: \(doubts.joined(separator: "; "))")
    }

    /// When memory runs out, others go first (proc(5), "oom_score_adj"). In some containers that is not permitted.
    private func escapeMemoryKiller() {
        let file = unsafe open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        if unsafe write(file, "-1000", 5) < 0 { log.say("the guard may be killed when memory runs out") }
    }
}
