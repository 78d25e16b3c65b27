package import Diagnostics
import PacketModel

extension Policy {
    /// What is wrong with a policy that would not admit the host's SSH: nothing, or errors that say what would.
    ///
    /// `listening` are the TCP ports that sshd listens on; ports under `management:` take their place.
    package func managementDiagnostics(listening: [UInt16]) -> [Diagnostic] {
        guard case .obligation(let obligation) = management else { return [] }
        let ports = obligation.ports ?? IntervalSet(listening.map { Interval($0) })
        return ports.intervals.flatMap { $0.lower...$0.upper }.compactMap { port in
            missing(port, obligation) ?? translated(port, keeping: ports, obligation)
        }
    }

    private func missing(_ port: UInt16, _ obligation: Management.Obligation) -> Diagnostic? {
        let concerned = lines.filter { $0.direction == .inbound && $0.services.contains(.tcp, port) }
        // What ends by itself, or what others can use up, is no way in to rely on; but limits spare `from`.
        let isReliable: (PolicyLine) -> Bool = { line in
            line.until == nil && (line.limit == nil || obligation.from != nil)
        }
        let allows = concerned.filter { $0.action == .allow }
        let unreliable = allows.filter { !isReliable($0) }
        let allowed = allows.filter(isReliable).reduce(AddressSet()) { sources, line in
            sources.union(line.source ?? .full)
        }
        let denies = concerned.filter { $0.action == .deny }
        let label = (obligation.origin ?? denies.first?.origin).map {
            Diagnostic.Label(source, $0.range, "")
        }
        if let from = obligation.from {
            // Bans spare these addresses; a deny that names the service does not.
            let denied = denies.filter { !$0.isBan }.reduce(AddressSet()) { $0.union($1.source ?? .full) }
            let missing = from.subtracting(allowed.subtracting(denied))
            guard !missing.isEmpty else { return nil }
            return Diagnostic(
                code: "policy.management.closed",
                "management from \(missing.example) would not reach SSH on tcp/\(port)",
                at: label,
                notes: denies.filter { !$0.isBan }.map {
                    "line \($0.origin.line) denies it: \($0.origin.title)"
                } + Self.notes(unreliable),
                fix: "write under inbound:  - allow: \(Self.service(port))\n    from: \(missing.example)"
            )
        }
        // A deny that asks for an interface or an address of the host leaves other ways in.
        let denied = denies.filter { $0.inputInterfaces == nil && $0.destination == nil }.reduce(AddressSet())
        {
            $0.union($1.source ?? .full)
        }
        guard allowed.subtracting(denied).isEmpty else { return nil }
        return closed(port, denies, unreliable, at: label)
    }

    /// What is wrong where a line of `nat:` sends what asks for SSH elsewhere: management is admitted by the port that it
    /// asks for, and must arrive there.
    private func translated(
        _ port: UInt16,
        keeping ports: IntervalSet<UInt16>,
        _ obligation: Management.Obligation
    ) -> Diagnostic? {
        let taking = nat.compactMap { line in
            line.takesAway(port, keeping: ports).map { (line: line, sources: $0) }
        }
        let allows = lines.filter { line in
            line.direction == .inbound && line.action == .allow && line.until == nil
                && line.services.contains(.tcp, port)
        }
        let concerned = taking.first { line, sources in
            allows.contains { allow in
                InterfacePattern.meet(line.inputInterfaces, allow.inputInterfaces)
                    && !sources.intersection(allow.source ?? .full).isEmpty
            }
        }
        guard let first = concerned else { return nil }
        let reaching = allows.reduce(AddressSet()) { reaching, allow in
            let taken = taking.filter { line, _ in
                // Nobody knows by which interface people come. Another address of the host is a way in, where it is not
                // said who must get in.
                InterfacePattern.meet(line.inputInterfaces, allow.inputInterfaces)
                    && (obligation.from != nil || line.destination == nil)
            }
            return reaching.union(
                taken.reduce(allow.source ?? .full) { $0.subtracting($1.sources) }
            )
        }
        let missing = obligation.from.map { $0.subtracting(reaching) }
        if missing?.isEmpty == true { return nil }
        let admitted = allows.reduce(AddressSet()) { $0.union($1.source ?? .full) }
        let isShut =
            missing != nil
            || IPFamily.allCases.contains { !admitted[$0].isEmpty && reaching[$0].isEmpty }
        let who = missing.map { "management from \($0.example)" } ?? "a new SSH login"
        let how = isShut ? "would not reach" : "by some way would not reach"
        return Diagnostic(
            isShut ? .error : .warning,
            code: "policy.management.translated",
            "\(who) \(how) this host: line \(first.line.origin.line) sends tcp/\(port) elsewhere",
            at: Diagnostic.Label(source, first.line.origin.range, ""),
            notes: ["sshd is asked for at tcp/\(port): \(first.line.origin.title)"],
            fix: Fix(
                "give the line another port, or write `in:` into the line that allows SSH: an interface that "
                    + "line \(first.line.origin.line) does not name"
            )
        )
    }

    private func closed(
        _ port: UInt16,
        _ denies: [PolicyLine],
        _ unreliable: [PolicyLine],
        at label: Diagnostic.Label?
    ) -> Diagnostic {
        let notes = denies.map { "line \($0.origin.line) denies it: \($0.origin.title)" }
        let none = "if this host needs no SSH, write  management: none"
        let allow = "write under inbound:  - allow: \(Self.service(port))"
        guard unreliable.contains(where: { $0.until == nil }) else {
            return Diagnostic(
                code: "policy.management.closed",
                "no new SSH login would be possible: no line "
                    + "\(unreliable.isEmpty ? "" : "that stays ")allows tcp/\(port)",
                at: label,
                notes: notes + Self.notes(unreliable) + [none],
                fix: Fix(allow)
            )
        }
        return Diagnostic(
            code: "policy.management.limited",
            "others could keep new SSH logins out: no line without a limit allows tcp/\(port)",
            at: label,
            notes: notes + Self.notes(unreliable) + [Self.whyLimitsAreNoWayIn, none],
            fix: Fix(
                "write under management:  from: the addresses that you come from; limits spare them\n"
                    + "or \(allow)\n    from: the addresses that you come from"
            )
        )
    }

    /// Measured: tests of `FullTableFacts`.
    static let whyLimitsAreNoWayIn =
        "forged packets use a limit up in seconds, or fill the list of sources that it counts"

    private static func notes(_ unreliable: [PolicyLine]) -> [String] {
        unreliable.map { line in
            let reason = line.until.map { "ends on \($0)" } ?? "only under its limit"
            return "line \(line.origin.line) would admit it, but \(reason): \(line.origin.title)"
        }
    }

    private static func service(_ port: UInt16) -> String {
        port == 22 ? "ssh" : "tcp/\(port)"
    }
}

extension AddressSet {
    /// The first address or prefix, as a person writes it.
    fileprivate var example: String {
        for family in IPFamily.allCases {
            if let interval = self[family].intervals.first, let prefix = interval.prefixes(in: family).first {
                return prefix.description
            }
        }
        return "nowhere"
    }
}
