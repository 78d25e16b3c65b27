import Kernel

extension Confirmation {
    /// Puts what others put before our jump behind it. Their rule may be what let this login in, so only another login
    /// tells something; a person who trusts this one needs none.
    func pass(
        _ intruders: [String],
        before generation: Generation,
        in folder: StateFolder,
        holding lock: ChangeLock
    ) async throws {
        guard let first = intruders.first else { return }
        try await folder.rules(generation.number, .after).install(holding: lock.descriptor)
        guard !trustsOldSession else { return }
        throw ChangeError.refused(
            "\(first) may be what let this login in; it comes after ours now, and nothing is confirmed yet\n"
                + "do: open one more login, and type there: wallwright confirm \(generation.ticket)"
        )
    }
}
