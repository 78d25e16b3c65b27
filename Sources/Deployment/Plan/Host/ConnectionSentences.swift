import Kernel
import PacketModel
import Policy

/// What becomes of the connections that live now.
enum ConnectionSentences {
    /// So many are listed.
    private static let mostListed = 20

    static func sentences(
        _ verdict: ConnectionVerdict,
        _ pair: PolicyPair,
        session: LoginSession?
    ) -> [PlanSentence] {
        let isOwn: (ConnectionVerdict.Cut) -> Bool = { $0.connection == session?.connection }
        let sorted = verdict.cut.filter(isOwn) + verdict.cut.filter { !isOwn($0) }
        let listed = sorted.prefix(mostListed).map { cut in
            let session = isOwn(cut) ? " (this session)" : ""
            return PlanSentence(
                .cuts,
                cut.connection.isInbound ? .inbound : .outbound,
                "\(words(cut.connection))\(session)  \(fate(cut, pair)); \(cut.suggestion)"
            )
        }
        let more = sorted.count - listed.count
        return listed + (more > 0 ? [PlanSentence(.cuts, nil, "and \(more) more")] : [])
    }

    /// What connection tracking knows already stays; the first apply brings it in, and denies do not ask it.
    private static func fate(_ cut: ConnectionVerdict.Cut, _ pair: PolicyPair) -> String {
        switch cut.suggestion {
        case .deny: "would be cut"
        case .line: pair.old == nil ? "would be cut" : "could not begin anew"
        }
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
