import Kernel

/// Bans are kept like the firewall. Rules of iptables have no clock: there the watch ends bans whose time is over.
extension Watcher {
    /// What the disk says of them now.
    func readBans() throws {
        bansStamp = BanList.stamp(in: folder)
        let list = try BanList.read(from: folder)
        if list.entries.isEmpty {
            bans = nil
        } else if let kept = bans, kept.list == list, kept.count == list.bans().count {
            // Each as it was: in nftables those whose time is over have gone by themselves.
        } else {
            bans = try KeptBans(list)
        }
    }

    func lookAtBans() async throws {
        guard let kept = bans else { return }
        if try kept.lookout.hasMoved() { bans?.isUnseen = true }
        guard bans?.isUnseen == true else { return }
        if kept.right == nil { try kept.lookout.learnNames() }
        let seen = try KeptFirewall.Sight(
            glance: kept.lookout.glance(),
            contents: kept.lookout.contents()
        )
        if seen != kept.right {
            let lacks = seen.glance.lacks(of: kept.lookout.places)
            let differences =
                lacks.isEmpty
                ? try await HostBans().differences(from: kept.list.bans(), on: kept.list.backend) : lacks
            if let first = differences.first { return try await load(kept, because: first) }
        }
        bans?.right = seen
        bans?.isUnseen = false
    }

    private func load(_ kept: KeptBans, because reason: String) async throws {
        guard let lock = takeLock().lock else { return }
        defer { lock.release() }
        // Whoever had the lock may have changed the list.
        guard try BanList.read(from: folder) == kept.list else { return try readBans() }
        try await kept.list.load(holding: lock)
        // Until they held once, they are loaded for the first time, or time has ended one.
        if kept.right != nil {
            log.say(
                "put back \(kept.count == 1 ? "1 ban" : "\(kept.count) bans"), which somebody had changed: \(reason)"
            )
        }
    }
}
