import Kernel

/// The looks, the cheapest first.
extension Watcher {
    /// Reading contents takes no more than one part in so many of the time, however often others change something.
    private static let share = 50
    /// How often contents are read where no number tells that they changed.
    private static let unasked = Duration.seconds(1)

    func lookAtFirewall() async throws {
        guard let kept else { return }
        let hasMoved = try kept.lookout.hasMoved()
        if hasMoved {
            isUnseen = true
            // A ban may have come.
            if BanList.stamp(in: folder) != bansStamp { try readBans() }
        }
        // After a repair that did not help only what others change is news.
        let isReady = hasMoved || !pace.rests(at: BootClock.now)
        guard let right = kept.right else {
            if isReady { try await settle(kept) }
            return
        }
        if isUnseen && isReady {
            isUnseen = false
            let seen = try kept.lookout.glance()
            guard seen == right.glance else {
                let words = seen.listing.differences(from: right.glance.listing)
                return try await mend(kept, seen, .places, words: words)
            }
            areContentsDue = true
        }
        guard areContentsDue || !kept.lookout.tellsChanges, BootClock.now >= nextContents else { return }
        areContentsDue = false
        let contents = try timed(atLeast: kept.lookout.tellsChanges ? .zero : Self.unasked) {
            try kept.lookout.contents()
        }
        guard contents != right.contents else { return }
        let words = contents.differences(from: right.contents)
        try await mend(kept, try kept.lookout.glance(), .contents, words: words)
    }

    /// What a firewall looks like when the kernel holds it is learned from a kernel that does.
    private func settle(_ kept: KeptFirewall) async throws {
        let seen = try kept.lookout.glance()
        let lacks = seen.lacks(of: kept.lookout.places)
        if !lacks.isEmpty { return try await mend(kept, seen, .places, words: lacks) }
        let before = try timed { try kept.learn() }
        let sets = try await kept.sets()
        let differences = try await kept.differences()
        guard differences.isEmpty else {
            return try await mend(kept, before.glance, .contents, words: differences)
        }
        // What changed meanwhile is looked at again.
        guard try kept.learn() == before else { return }
        self.kept?.right = before
        self.kept?.rightSets = sets
        isUnseen = true
    }

    /// Sets of ipset change without a word.
    func lookAtSets() async throws {
        guard let kept, let right = kept.rightSets, BootClock.now >= nextSets else { return }
        let begin = BootClock.now
        let sets = try await kept.sets()
        nextSets = BootClock.now + (BootClock.now - begin) * Self.share
        guard let sets, sets != right else { return }
        let words = sets.differences(from: right)
        try await mend(kept, try kept.lookout.glance(), .contents, words: words)
    }

    private func timed<Value>(atLeast least: Duration = .zero, _ read: () throws -> Value) rethrows -> Value {
        let begin = BootClock.now
        let value = try read()
        nextContents = BootClock.now + max(least, (BootClock.now - begin) * Self.share)
        return value
    }
}
