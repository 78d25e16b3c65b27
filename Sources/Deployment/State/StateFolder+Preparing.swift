import Diagnostics
import Kernel
import Policy

/// How a generation comes to be, and how old ones go.
extension StateFolder {
    /// Writes a generation with all that belongs to it; it is there whole, or not at all.
    func prepare(_ generation: Generation, after: ChangedRules, before: ChangedRules, policy: Policy?) throws
    {
        let draft = "generations/.\(generation.number).new"
        try removeTree(draft)
        do {
            try makeFolder(draft)
            var generation = generation
            try write(after, to: "\(Side.after.rawValue)", of: draft, &generation)
            try write(before, to: "\(Side.before.rawValue)", of: draft, &generation)
            if let policy { try write(policy, to: draft, &generation) }
            try create("\(draft)/generation.json", holding: encode(generation))
            // The guard and who confirms find their seats, also where nothing more can be made.
            try create("\(draft)/\(Seat.guardFile)", holding: [])
            try create("\(draft)/\(Self.untouched)", holding: [])
            try create("\(draft)/\(Seat.confirmationFile)", holding: [])
            try create("\(draft)/\(Generation.Outcome.pending.rawValue)", holding: [])
            try sync(folderOf: "\(draft)/generation.json")
            _ = try rename(draft, to: Self.folder(generation.number))
        } catch {
            // A draft counts for nothing, and the next one takes its place.
            do { try removeTree(draft) } catch {}
            throw error
        }
    }

    private func write(
        _ rules: ChangedRules,
        to folder: String,
        of draft: String,
        _ generation: inout Generation
    ) throws {
        try makeFolder("\(draft)/\(folder)")
        for (name, bytes) in try FirewallFiles.files(of: rules) {
            try write(bytes, to: "\(folder)/\(name)", of: draft, &generation)
        }
        try sync(folderOf: "\(draft)/\(folder)/file")
    }

    private func write(_ policy: Policy, to draft: String, _ generation: inout Generation) throws {
        try write(policy.source.bytes, to: "policy.yaml", of: draft, &generation)
        guard !policy.setFiles.isEmpty else { return }
        try makeFolder("\(draft)/sets")
        for (index, file) in policy.setFiles.enumerated() {
            try write(file.bytes, to: "sets/\(index)", of: draft, &generation)
        }
        try sync(folderOf: "\(draft)/sets/0")
    }

    private func write(
        _ bytes: [UInt8],
        to name: String,
        of draft: String,
        _ generation: inout Generation
    ) throws {
        try create("\(draft)/\(name)", holding: bytes)
        generation.contents[name] = Self.digest(bytes)
    }

    /// How many generations stay.
    private static let kept = 20
    /// Those that only follow DNS names come of themselves, and would push the others out.
    private static let keptRefreshes = 3

    /// Whoever cannot be read counts as what a person did.
    private func isRefresh(_ number: Int) -> Bool {
        do { return try generation(number).kind.isRefresh } catch { return false }
    }

    /// Takes the oldest generations away; those that wait and the one that was confirmed last stay.
    func prune() throws {
        let numbers = try generationNumbers()
        let confirmed = try confirmed()
        let refreshes = numbers.filter(isRefresh).dropLast(Self.keptRefreshes)
        let old = numbers.filter { !refreshes.contains($0) }.dropLast(Self.kept)
        for number in refreshes + old where number != confirmed {
            guard outcome(number) != .pending, outcome(number) != .rollingBack else { continue }
            // A name that counts for nothing, so that no half of a generation is ever seen.
            let remains = "generations/.\(number).old"
            try removeTree(remains)
            if try rename(Self.folder(number), to: remains) { try removeTree(remains) }
        }
    }
}
