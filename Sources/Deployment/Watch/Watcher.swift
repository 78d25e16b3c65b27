import Glibc
import Kernel

/// Puts back what somebody else took away of ours: `iptables -F INPUT`, `nft flush ruleset`, the restart of another
/// firewall. It asks the kernel many times a second whether anything changed, repairs from memory, and finds its words
/// for that later.
package final class Watcher {
    let folder: StateFolder
    let host: HostIdentity
    let log: EventLog
    private let guards: GuardLauncher
    /// The generation that is kept in the kernel; nil while none is.
    var kept: KeptFirewall?
    var bans: KeptBans?
    var bansStamp: [Int]?
    /// Something moved and is not looked at yet, because somebody had the lock, say.
    var isUnseen = true
    /// Contents are to be read, and not before this time: what reading costs is a small share of the time.
    var areContentsDue = false
    var nextContents = Duration.zero
    var nextSets = Duration.zero
    var pace = RepairPace()
    var fight: Fight?
    private var lastWords = ""

    /// How often nf_tables is asked for the number of its ruleset: some 20 µs each. Where that is not enough, as with the
    /// older tables, sizes are asked for too.
    static let pause = Duration.milliseconds(20)
    /// How often it looks at the disk, at the sets, and at all that no number tells of.
    package static let interval = Duration.seconds(5)
    private static let idleInterval = Duration.milliseconds(500)

    package init(folder: StateFolder) throws {
        self.folder = folder
        host = try HostIdentity.current()
        guards = GuardLauncher(folder: folder)
        log = EventLog.ofWatch(in: folder)
    }

    /// Works until nothing of ours is to be kept in the kernel; returns at once when another one watches.
    package func run() async throws {
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGPIPE] { CaughtSignals.ignore(signal) }
        CaughtSignals.note(SIGTERM)
        guard let seat = Seat.watching(folder), seat.take() else { return }
        defer { withExtendedLifetime(seat) {} }
        seat.sign()
        let namespaceSeat = NamespaceSeat(host, for: folder)
        defer { withExtendedLifetime(namespaceSeat) {} }
        let names = Self.followNames(in: folder, log)
        defer { names.cancel() }
        var nextRound = Duration.zero
        while !CaughtSignals.hasCome(SIGTERM) {
            do {
                if BootClock.now >= nextRound {
                    guard try await round() else { return }
                    // What somebody applies for the first time is not waited for so long.
                    nextRound = BootClock.now + (kept == nil ? Self.idleInterval : Self.interval)
                }
                try await lookAtFirewall()
                try await lookAtBans()
                try await Task.sleep(for: Self.pause)
            } catch {
                say("\(error)")
                do { try await Task.sleep(for: .seconds(1)) } catch { return }
            }
        }
    }

    /// The same words again and again would tell nothing.
    private func say(_ words: String) {
        if words != lastWords { log.say(words) }
        lastWords = words
    }

    /// What is seldom looked at; false when there is nothing to watch any more.
    private func round() async throws -> Bool {
        guard folder.has("generations") else { return false }
        // What is undecided may come back.
        var isUndecided = false
        var isWhole = await attempt {
            isUndecided = try folder.undecided() != nil
            guard isUndecided, case .taken(let lock) = takeLock() else { return }
            defer { lock.release() }
            for finding in try await Recovery.perform(in: folder, host: host, guards: guards, holding: lock) {
                log.say(finding.sentence)
            }
        }
        isWhole = await attempt { try readBans() } && isWhole
        isWhole =
            await attempt {
                if try KeptFirewall.number(in: folder, host: host) != kept?.number { try reload() }
            } && isWhole
        isWhole = await attempt { try await lookAtSets() } && isWhole
        return kept != nil || bans != nil || isUndecided || !isWhole
    }

    /// A part of the work: a file that is damaged keeps nobody from looking after what the others say. False where it
    /// failed, which is said.
    private func attempt(_ work: () async throws -> Void) async -> Bool {
        do {
            try await work()
            return true
        } catch {
            say("\(error)")
            return false
        }
    }

    /// Reads again what is to be in the kernel.
    func reload() throws {
        kept = try KeptFirewall(in: folder, host: host)
        pace = RepairPace()
        isUnseen = true
    }

    enum LockAttempt {
        case taken(ChangeLock)
        /// Somebody changes the firewall, and looks after it.
        case isHeld
        /// The disk does not answer, so nobody can have it.
        case impossible

        var lock: ChangeLock? { if case .taken(let lock) = self { lock } else { nil } }
    }

    func takeLock() -> LockAttempt {
        do {
            return try ChangeLock.attempt(in: folder, for: "wallwright watch").map(LockAttempt.taken)
                ?? .isHeld
        } catch {
            return .impossible
        }
    }
}

extension Recovery.Finding {
    /// For logs and terminals.
    package var sentence: String {
        switch self {
        case .takenBack(let number, let reason):
            "generation \(number) was taken back: \(reason); the firewall from before is live"
        case .discarded(let number, let reason): "generation \(number) counts for nothing: \(reason)"
        }
    }
}
