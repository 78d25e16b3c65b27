package import Diagnostics
package import PacketModel

extension Policy {
    /// What is wrong with a policy under which a session like the one that applies it could not begin anew.
    ///
    /// - Parameters:
    ///   - remote: the address that the session comes from
    ///   - local: the address of this host that it goes to
    ///   - port: the TCP port that it goes to; a redirect may have brought it there
    ///   - interface: the interface that it came by; nil when nobody knows, and then no line that asks for one admits it
    package func sessionDiagnostics(
        remote: IPAddress,
        local: IPAddress,
        port: UInt16,
        interface: String?
    ) -> [Diagnostic] {
        // What a host sends to an address of its own goes by the loopback interface.
        let isLoopback = remote == local || remote.isLoopback
        let approach = Approach(
            direction: .inbound,
            transportProtocol: .tcp,
            member: port,
            source: remote,
            destination: local,
            inputInterface: isLoopback ? "lo" : interface
        )
        // What ends by itself is no way in to rely on; nor is what others can use up, which is told apart below.
        var lasting = self
        lasting.lines.removeAll { $0.action == .allow && $0.until != nil }
        var ports: IntervalSet<UInt16> = [port]
        if case .obligation(let obligation) = management { ports = ports.union(obligation.ports ?? []) }
        let taking = nat.first { $0.takesAway(approach, keeping: ports) }
        var judgements = taking == nil ? [lasting.judge(approach)] : []
        for asked in portsRedirected(to: port, .tcp) {
            var redirected = approach
            redirected.member = asked
            judgements.append(lasting.judge(redirected))
        }
        var limits: [Diagnostic] = []
        for judgement in judgements {
            switch judgement {
            case .baseline, .containers, .admitted: return []
            case .limited(let origins): limits.append(limited(origins, remote))
            case .banned, .denied, .dropped, .rest: break
            }
        }
        if let limit = limits.first { return [limit] }
        if let taking { return [translated(taking, approach)] }
        switch judgements.first {
        case .banned(let origin), .denied(let origin): return [denied(origin, approach)]
        case .baseline, .containers, .admitted, .limited, .dropped, .rest, nil: return [missing(approach)]
        }
    }

    private func translated(_ line: TranslationLine, _ approach: Approach) -> Diagnostic {
        Diagnostic(
            code: "policy.session.translated",
            "a new login from \(approach.source), as this session, would fail: line \(line.origin.line) sends "
                + "tcp/\(approach.member) elsewhere",
            at: Diagnostic.Label(source, line.origin.range, ""),
            fix: "give the line another port, or `in:` an interface that the session does not come by"
        )
    }

    /// Ports of which a redirect sends what comes for them to one port of this host; a few of each range.
    package func portsRedirected(to port: UInt16, _ transportProtocol: IPProtocol) -> [UInt16] {
        nat.flatMap { line -> [UInt16] in
            switch line.action {
            case .redirect(let target) where target == port:
                let asked = line.services.members[transportProtocol]?.intervals ?? []
                return asked.flatMap { ($0.lower...$0.upper).prefix(16) }
            case .redirect, .masquerade, .portForward: return []
            }
        }
    }

    private func limited(_ origins: [Origin], _ remote: IPAddress) -> Diagnostic {
        Diagnostic(
            code: "policy.session.limited",
            "others could keep a login like this session's, from \(remote), out: only a limit admits it",
            at: origins.first.map { Diagnostic.Label(source, $0.range, "") },
            notes: [Self.whyLimitsAreNoWayIn],
            fix: "write under management:  from: \(remote)"
        )
    }

    private func denied(_ origin: Origin, _ approach: Approach) -> Diagnostic {
        let allow = lines.first { $0.action == .allow && $0.contains(approach) }
        return Diagnostic(
            code: "policy.session.closed",
            "this session, from \(approach.source), could not log in again: line \(origin.line) denies it",
            at: Diagnostic.Label(source, origin.range, ""),
            notes: allow == nil
                ? ["no line allows it either: it needs  - allow: \(Self.sessionService(approach.member))"]
                : [],
            fix: "write in line \(origin.line):  except: \(approach.source)"
        )
    }

    private func missing(_ approach: Approach) -> Diagnostic {
        let naming = lines.filter { line in
            line.direction == .inbound && line.action == .allow
                && line.services.contains(.tcp, approach.member)
        }
        // Whoever admits the service to some only is offered a line for one more.
        let isNarrower = !naming.isEmpty
        let notes = naming.prefix(3).map { line in
            line.until.map { "line \(line.origin.line) ends on \($0): \(line.origin.title)" }
                ?? "line \(line.origin.line) is for others: \(line.origin.title)"
        }
        let unknown =
            approach.inputInterface == nil && naming.contains { $0.inputInterfaces != nil }
            ? ["the interface that the session came in by is not known"] : []
        return Diagnostic(
            code: "policy.session.closed",
            "this session, from \(approach.source), could not log in again: no line allows tcp/\(approach.member)",
            at: naming.first.map { Diagnostic.Label(source, $0.origin.range, "") },
            notes: notes + unknown,
            fix: Fix(
                "write under inbound:  - allow: \(Self.sessionService(approach.member))"
                    + (isNarrower ? "\n    from: \(approach.source)" : "")
            )
        )
    }

    private static func sessionService(_ port: UInt16) -> String {
        port == 22 ? "ssh" : "tcp/\(port)"
    }
}

extension TranslationLine {
    /// The line sends this packet elsewhere than to these ports. Of an interface that nobody knows it does.
    fileprivate func takesAway(_ approach: Approach, keeping ports: IntervalSet<UInt16>) -> Bool {
        guard approach.inputInterface != "lo",
            let sources = takesAway(approach.member, keeping: ports), sources.contains(approach.source)
        else { return false }
        let isByInterface = inputInterfaces.map { patterns in
            approach.inputInterface.map { name in patterns.contains { $0.matches(name) } } ?? true
        }
        return isByInterface != false && destination?.contains(approach.destination) != false
    }
}
