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
            missing(port, obligation)
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

    private func closed(
        _ port: UInt16,
        _ denies: [PolicyLine],
        _ unreliable: [PolicyLine],
        at label: Diagnostic.Label?
    ) -> Diagnostic {
        let notes = denies.map { "line \($0.origin.line) denies it: \($0.origin.title)" }
        let none = "a host that needs no SSH says so: management: none"
        let allow = "write under inbound:  - allow: \(Self.service(port))"
        guard unreliable.contains(where: { $0.until == nil }) else {
            return Diagnostic(
                code: "policy.management.closed",
                "no new SSH login would be possible: nothing "
                    + "\(unreliable.isEmpty ? "" : "that stays ")admits tcp/\(port)",
                at: label,
                notes: notes + Self.notes(unreliable) + [none],
                fix: allow
            )
        }
        return Diagnostic(
            code: "policy.management.limited",
            "others could keep new SSH logins out: nothing without a limit admits tcp/\(port)",
            at: label,
            notes: notes + Self.notes(unreliable) + [Self.whyLimitsAreNoWayIn, none],
            fix: "write under management:  from: the addresses that you come from; limits spare them\n"
                + "or \(allow)\n    from: the addresses that you come from"
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
