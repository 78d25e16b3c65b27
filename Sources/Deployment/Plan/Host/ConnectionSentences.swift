import Kernel
import PacketModel
import Policy

/// What becomes of the connections that live now and could not begin under the new policy.
struct ConnectionSentences {
    private let pair: PolicyPair
    private let strays: StrayConnections
    private let isEnding: Bool
    private let session: LoginSession?
    /// The ends of the connections that the kernel knows.
    private let known: Set<Ends>

    /// So many of each kind are listed.
    private static let mostListed = 20

    /// `isEnding` says that the strays are to be ended.
    init(_ pair: PolicyPair, _ strays: StrayConnections, isEnding: Bool, _ session: LoginSession?) {
        (self.pair, self.strays, self.isEnding, self.session) = (pair, strays, isEnding, session)
        known = Set(strays.all.flatMap(Ends.all))
    }

    func sentences(_ verdict: ConnectionVerdict) -> [PlanSentence] {
        let sorted = verdict.cut.filter(isOwn) + verdict.cut.filter { !isOwn($0) }
        let ofSockets = sorted.map(sentence)
        let told = Set(verdict.cut.map { Ends($0.connection) })
        let others = strays.all.filter { told.isDisjoint(with: Ends.all($0)) }.map(sentence)
        let all = ofSockets + others
        return [PlanSentence.Kind.goesOn, .cuts].flatMap { kind in
            let ofKind = all.filter { $0.kind == kind }
            let more = ofKind.count - Self.mostListed
            return ofKind.prefix(Self.mostListed)
                + (more > 0 ? [PlanSentence(kind, nil, "and \(more) more")] : [])
        }
    }

    private func isOwn(_ cut: ConnectionVerdict.Cut) -> Bool { cut.connection == session?.connection }

    private func sentence(_ cut: ConnectionVerdict.Cut) -> PlanSentence {
        let own = isOwn(cut) ? " (this session)" : ""
        let (kind, fate) = fate(cut)
        return PlanSentence(
            kind,
            cut.connection.isInbound ? .inbound : .outbound,
            "\(Self.words(cut.connection))\(own)  \(fate); \(cut.suggestion)"
        )
    }

    /// Denies hold for what is established too. Under a live policy connections are tracked, and those that are tracked
    /// go on; before the first only those that somebody else's rules had tracked.
    private func fate(_ cut: ConnectionVerdict.Cut) -> (PlanSentence.Kind, String) {
        switch cut.suggestion {
        case .deny: return (.cuts, "would be cut")
        case .line:
            let isKnown = known.contains(Ends(cut.connection))
            if isEnding && isKnown && !isOwn(cut) { return (.cuts, "is ended") }
            let goesOn = isKnown || pair.old != nil
            return goesOn ? (.goesOn, "a new one would be refused") : (.cuts, "would be cut")
        }
    }

    /// One that no socket of this host shows.
    private func sentence(_ stray: TrackedConnection) -> PlanSentence {
        let direction = strays.directions[stray]
        let source = Endpoint(stray.source.address, stray.source.port)
        let transport = stray.transportProtocol == .tcp ? "" : " (\(stray.transportProtocol))"
        let ends =
            switch direction {
            case .inbound: "\(source) -> :\(stray.asked.port)"
            case .outbound: ":\(stray.source.port) -> \(Endpoint(stray.asked.address, stray.asked.port))"
            case .forward, nil: "\(source) -> \(Endpoint(stray.reached.address, stray.asked.port))"
            }
        return PlanSentence(
            isEnding ? .cuts : .goesOn,
            direction,
            ends + transport + (isEnding ? "  is ended" : "  a new one would be refused; apply --cut ends it")
        )
    }

    /// `203.0.113.9:51234 -> :5432 postgres`, `:41000 -> 192.0.2.9:443 curl`
    private static func words(_ connection: LiveConnection) -> String {
        let remote = Endpoint(connection.remote, connection.remotePort)
        let ends =
            connection.isInbound
            ? "\(remote) -> :\(connection.localPort)" : ":\(connection.localPort) -> \(remote)"
        let transport = connection.transportProtocol == .tcp ? "" : " (\(connection.transportProtocol))"
        return ends + transport + (connection.process.map { " \($0)" } ?? "")
    }
}

/// Where a connection is at home, and where its other end is.
private struct Ends: Hashable {
    var transport: IPProtocol
    var near: TrackedConnection.End
    var far: TrackedConnection.End

    init(_ connection: LiveConnection) {
        transport = connection.transportProtocol
        near = .init(address: connection.local, port: connection.localPort)
        far = .init(address: connection.remote, port: connection.remotePort)
    }

    private init(_ transport: IPProtocol, _ near: TrackedConnection.End, _ far: TrackedConnection.End) {
        (self.transport, self.near, self.far) = (transport, near, far)
    }

    /// Seen from whoever began it, and from the other side.
    static func all(_ connection: TrackedConnection) -> [Ends] {
        let transport = connection.transportProtocol
        return [
            Ends(transport, connection.source, connection.asked),
            Ends(transport, connection.reached, connection.source),
        ]
    }
}
