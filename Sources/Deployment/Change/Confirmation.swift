import FoundationEssentials
package import Kernel

/// The word of a person, from a new login, that the firewall lets them in.
package struct Confirmation: Sendable {
    /// What was typed, `7-k4qx`; nil when nothing was.
    package var ticket: String?
    /// Where it was typed.
    package var session: LoginSession?
    /// The person said that the old session is proof enough.
    package var trustsOldSession: Bool
    package var author: Author
    /// When the person asked, in time since boot: what keeps a command waiting makes nobody late.
    package var began: Duration

    package init(
        ticket: String?,
        session: LoginSession?,
        trustsOldSession: Bool,
        author: Author,
        began: Duration = BootClock.now
    ) {
        self.began = began
        self.ticket = ticket
        self.session = session
        self.trustsOldSession = trustsOldSession
        self.author = author
    }

    /// What was confirmed.
    package struct Confirmed: Sendable {
        package let generation: Generation
        /// What else there is to know, a clause each.
        package fileprivate(set) var notes: [String] = []
    }

    /// Confirms the generation that waits. When it returns, that is final.
    package func perform(
        in folder: StateFolder,
        host: HostIdentity,
        holding lock: ChangeLock
    ) async throws -> Confirmed {
        guard let number = try folder.undecided(), folder.outcome(number) == .pending else {
            if let earlier = try confirmedBefore(in: folder) { return earlier }
            throw ChangeError.refused(try Self.nothingWaits(in: folder))
        }
        let (generation, commitment) = try folder.committed(number, on: host)
        try checkTicket(generation)
        try await checkSession(generation, commitment, in: folder)
        let listing = try await folder.liveListing(of: generation, expecting: commitment.digest)
        let rules = try folder.rules(number, .after)
        let differences = try await FirewallAgreement(rules, digest: commitment.digest).differences(
            of: listing
        )
        guard differences.isEmpty else {
            throw ChangeError.refused(
                "the kernel does not hold generation \(number) any more: somebody changed its rules since the apply\n"
                    + "do: wallwright rollback, then wallwright apply"
            )
        }
        try await pass(listing.intruders, before: generation, in: folder, holding: lock)
        guard began.inSeconds < commitment.deadline,
            try folder.decide(number, from: .pending, .confirmed)
        else {
            throw ChangeError.refused(
                "too late: the time of generation \(number) is over, and the firewall from before comes back\n"
                    + "do: wallwright apply again, with more time: --confirm-within 5m"
            )
        }
        do {
            try folder.explain(number, Decision(time: .now, author: author, reason: "confirmed"))
        } catch {
            // It is confirmed on the disk; a full disk keeps only the name of who did it out of the history.
        }
        var confirmed = Confirmed(generation: generation)
        guard generation.kind.isOurs else { return confirmed }
        do {
            // Nothing of ours is to be left.
            if generation.kind == .remove { try await BanList.liftAll(in: folder, holding: lock) }
            try await Persistence.refresh(after: number, in: folder)
            if generation.kind != .remove, !Persistence.isEnabled(in: folder) {
                confirmed.notes.append("the next boot loads nothing yet; do: sudo wallwright enable")
            }
        } catch {
            confirmed.notes.append("\(error)")
        }
        return confirmed
    }

    /// Whoever lost the answer may ask again.
    private func confirmedBefore(in folder: StateFolder) throws -> Confirmed? {
        guard let last = try folder.generationNumbers().last(where: { folder.outcome($0) == .confirmed }),
            case let generation = try folder.generation(last),
            ticket.map(generation.isMeant) == true
        else { return nil }
        return Confirmed(generation: generation, notes: ["it was confirmed before"])
    }

    private func checkTicket(_ generation: Generation) throws {
        guard let ticket else {
            throw ChangeError.refused(
                "say which: generation \(generation.number) waits, and `wallwright apply` printed its code\n"
                    + "do: wallwright confirm \(generation.number)-CODE"
            )
        }
        guard generation.isMeant(by: ticket) else {
            throw ChangeError.refused(
                "\(ticket) is not the code of generation \(generation.number); nothing is confirmed\n"
                    + "do: log in again, then type the code that `wallwright apply` printed, \(generation.number)-…"
            )
        }
    }

    /// Only a connection that began after the commit, and came from another machine, was let in by the new rules.
    private func checkSession(
        _ generation: Generation,
        _ commitment: Commitment,
        in folder: StateFolder
    ) async throws {
        guard !trustsOldSession else { return }
        let earlier = try folder.earlierConnections(of: generation.number)
        var doubt = session.doubt(since: commitment, earlier)
        if doubt == nil { doubt = try await session.doubt(underPolicyOf: generation.number, in: folder) }
        guard let doubt else { return }
        // Whoever came over the network can log in once more; the console is for those who cannot.
        let others =
            session?.connection == nil
            ? "(at the console of the machine: wallwright confirm \(generation.ticket) --same-session)"
            : "(where your ssh shares one connection, ControlMaster, a new one takes: ssh -S none HOST)"
        throw ChangeError.refused(
            "\(doubt), so it proves nothing about new logins; nothing is confirmed\n"
                + "do: open a second login now, and type there: wallwright confirm \(generation.ticket)\n"
                + "    \(others)"
        )
    }

    private static func nothingWaits(in folder: StateFolder) throws -> String {
        guard let last = try folder.generationNumbers().last else {
            return "nothing waits to be confirmed: nothing was ever applied"
        }
        let reason = try folder.decision(last).map { ": \($0.reason)" } ?? ""
        switch folder.outcome(last) {
        case .confirmed: return "nothing waits: generation \(last) is confirmed already"
        case .rolledBack: return "nothing waits: generation \(last) was taken back\(reason)"
        case .rollingBack: return "nothing waits: generation \(last) is being taken back"
        case .pending, nil: return "nothing waits to be confirmed"
        }
    }
}
