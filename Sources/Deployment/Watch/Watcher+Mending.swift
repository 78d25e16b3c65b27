import Compiler
import FoundationEssentials
import Kernel

/// Repairs come first; what they were is said when the kernel is right again and nobody waits for the lock.
extension Watcher {
    /// What is otherwise than it was meant.
    enum Wrong {
        /// A chain, a set, or the way to them; it has a quick repair.
        case places
        /// What is in them.
        case contents
    }

    func mend(_ kept: KeptFirewall, _ seen: Glance, _ wrong: Wrong, words: [String]) async throws {
        isUnseen = true
        guard pace.allows(seen, at: BootClock.now) else { return }
        let attempt = takeLock()
        if case .isHeld = attempt { return }
        defer { attempt.lock?.release() }
        // Whoever had the lock may have put something else there.
        guard isCurrent(kept) else { return try reload() }
        let failure = await repair(kept, seen, wrong, holding: attempt.lock)
        attempt.lock?.release()
        say(kept, words)
        if let failure {
            let left: Glance
            do { left = try kept.lookout.glance() } catch { left = seen }
            let pause = pace.failed(leaving: left, at: BootClock.now)
            log.say("that did not help: \(failure); the next attempt is in \(Int(pause / .seconds(1))) s")
        } else {
            pace.helped(at: BootClock.now)
        }
        note(words, seen.strangers, of: kept)
    }

    /// A disk that does not answer changes nothing. But what became of a generation stands in names, which are there also
    /// where a file is damaged: what was taken back is never put back, whatever cannot be read of the one before.
    private func isCurrent(_ kept: KeptFirewall) -> Bool {
        switch folder.outcome(kept.number) {
        case .rollingBack, .rolledBack: return false
        case .pending, .confirmed, nil: break
        }
        do {
            guard try folder.current() == kept.number else { return false }
        } catch {
            return true
        }
        do { return try KeptFirewall.isHere(kept.number, in: folder, host: host) } catch { return true }
    }

    /// The quick way first, where there is one, then the thorough one. Nil when the kernel holds the generation again,
    /// else why it does not.
    private func repair(_ kept: KeptFirewall, _ seen: Glance, _ wrong: Wrong, holding lock: ChangeLock?) async
        -> String?
    {
        if case .places = wrong {
            do {
                try await QuickRepair(kept.firewall, seen: seen, right: kept.right?.glance)
                    .perform(holding: lock?.descriptor)
                if try isRight(kept) { return nil }
            } catch {
                // The thorough way says what it meets.
            }
        }
        do {
            let host = HostFirewall(holding: lock?.descriptor)
            try await host.bringBack(kept.firewall, over: nil)
            try await host.tidy(kept.firewall)
            lock?.release()
            if kept.right != nil, try isRight(kept), try await kept.sets() == kept.rightSets { return nil }
            // It may be right and look otherwise: how it looks is learned anew then.
            let differences = try await kept.differences()
            if differences.isEmpty { self.kept?.right = nil }
            return differences.first
        } catch {
            return "\(error)"
        }
    }

    /// Where it is not known yet what right looks like, nothing may be missing; the rest is looked at next.
    private func isRight(_ kept: KeptFirewall) throws -> Bool {
        let glance = try kept.lookout.glance()
        guard let right = kept.right else { return glance.lacks(of: kept.lookout.places).isEmpty }
        return try glance == right.glance && kept.lookout.contents() == right.contents
    }

    private func say(_ kept: KeptFirewall, _ words: [String]) {
        let what = words.isEmpty ? "" : ": \(words.prefix(3).joined(separator: "; "))"
        let more = words.count > 3 ? "; and \(words.count - 3) more" : ""
        log.say("put generation \(kept.number) back, somebody had changed it\(what)\(more)")
    }

    private func note(_ words: [String], _ strangers: [Glance.Stranger], of kept: KeptFirewall) {
        let repair = Fight(
            since: .now,
            last: .now,
            count: 1,
            what: words.first ?? "it was otherwise than it was meant",
            owner: strangers.lazy.compactMap(\.owner).first,
            backend: kept.firewall.backends.first
        )
        let fight = Fight.adding(repair, to: self.fight)
        self.fight = fight
        do { try fight.write(to: folder) } catch { log.say("\(error)") }
    }
}
