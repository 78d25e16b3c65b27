import Compiler
package import FoundationEssentials
import Kernel
package import PacketModel
import Policy

extension Operation {
    /// Bans addresses in the kernel and on disk, unless that would shut management out.
    package func ban(_ prefix: Prefix, until end: Date?) async throws -> BanList.Entry {
        try refuseOwn(prefix)
        var list = try BanList.read(from: folder)
        var before = list
        let entry = list.add(prefix, until: end, by: author)
        try list.write(to: folder)
        do {
            try await list.load(holding: lock)
        } catch {
            try before.write(to: folder)
            throw error
        }
        return entry
    }

    /// Ends the ban of these very addresses; false when there is none, its time was over say.
    package func unban(_ prefix: Prefix) async throws -> Bool {
        var list = try BanList.read(from: folder)
        guard list.remove(prefix) else {
            guard let around = list.bans().first(where: { $0.prefix.overlaps(prefix) })?.prefix else {
                return false
            }
            throw ChangeError.refused(
                "\(prefix) is not banned by itself, but \(around) is\ndo: wallwright unban \(around)"
            )
        }
        try await list.load(holding: lock)
        try list.write(to: folder)
        return true
    }

    private func refuseOwn(_ prefix: Prefix) throws {
        let loopback = [Prefix(text: "127.0.0.0/8"), Prefix(text: "::1")].compactMap(\.self)
        if let own = loopback.first(where: prefix.overlaps) {
            throw ChangeError.refused("\(prefix) holds \(own), this host's own loopback; it is not banned")
        }
        if let remote = session.connection?.remote, AddressSet(prefix).contains(remote) {
            throw ChangeError.refused("\(prefix) holds \(remote), where you come from; it is not banned")
        }
        // What waits may go, and what it would replace may come back.
        for number in [try folder.undecided(), try folder.confirmed()].compactMap(\.self) {
            guard let spared = try folder.policy(number)?.management.exemptSources else { continue }
            guard AddressSet(prefix).intersection(spared).isEmpty else {
                throw ChangeError.refused(
                    "\(prefix) holds addresses of `management:` in the policy; it is not banned"
                )
            }
        }
    }
}

extension Prefix {
    func overlaps(_ other: Prefix) -> Bool {
        family == other.family && interval.overlaps(other.interval)
    }
}
