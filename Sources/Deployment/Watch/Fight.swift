package import Compiler
package import FoundationEssentials
import Kernel
import PacketModel

/// Somebody takes ours away again and again: what the watch puts back does not last.
package struct Fight: Codable, Hashable, Sendable {
    package var since: Date
    package var last: Date
    /// How often it was put back.
    package var count: Int
    /// What was otherwise the last time, a clause.
    package var what: String
    /// Whose rules stood in the place of ours; nil where that cannot be told.
    package var owner: String?
    package var backend: BackendKind?

    /// So many repairs within so long are no accident.
    private static let least = 4
    private static let memory: TimeInterval = 600

    private static let file = "fight.json"

    /// Whether it is more than a few accidents, and not long ago.
    package func isUnderWay(at time: Date = .now) -> Bool {
        count >= Self.least && time.timeIntervalSince(last) < Self.memory
    }

    /// One repair more.
    static func adding(_ repair: Fight, to known: Fight?) -> Fight {
        guard var fight = known, repair.last.timeIntervalSince(fight.last) < memory else { return repair }
        fight.last = repair.last
        fight.count.grow(by: repair.count)
        fight.what = repair.what
        fight.owner = repair.owner ?? fight.owner
        return fight
    }

    /// Nil where none is under way.
    package static func read(from folder: StateFolder) throws -> Fight? {
        guard let fight = try folder.decodeIfThere(Fight.self, file) else { return nil }
        return fight.isUnderWay() ? fight : nil
    }

    func write(to folder: StateFolder) throws {
        guard isUnderWay() else { return }
        try folder.write(try folder.encode(self), to: Self.file)
    }

    /// For people.
    package var sentence: String {
        let whose =
            owner.map { "\($0) and the watch undo each other's rules" }
            ?? "somebody undoes our rules again and again"
        return "\(whose): put back \(count) times since \(since.ISO8601Format()); at last \(what)"
    }

    /// What ends it.
    package var advice: String {
        let stranger = owner ?? "the program that does it"
        if backend == .nftables {
            return
                "find \(stranger) and end it: a timer, a service or a script that flushes or reloads all rules"
        }
        return
            "end \(stranger), or write  backend: nftables  in the policy: a table of its own, where no rule of others "
            + "stands before ours"
    }
}

extension Glance.Stranger {
    /// Whose rule it is, by the names that owners give; else by its own words.
    var owner: String? {
        let known = RuleOwner.others.first { owner in
            target.map { owner.owns(chain: $0) || owner.fills(chain: $0) } == true
                || comment.map { comment in owner.comments.contains { $0.matches(comment) } } == true
        }
        return known?.name ?? target.map { "whoever keeps chain \($0)" }
            ?? comment.map { "whoever writes \"\($0)\"" }
    }
}
