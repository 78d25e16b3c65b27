import Kernel

extension LoginSession? {
    /// Why a session is no proof that the rules of a commitment let a login in, as a clause; nil when it is one.
    func doubt(since commitment: Commitment, _ earlier: EarlierConnections?) -> String? {
        guard let session = self else { return "this session did not come over the network" }
        if let problem = session.problem { return "how this session came is not known (\(problem))" }
        guard let connection = session.connection, connection.isInbound else {
            return "this session did not come over the network"
        }
        switch session.origin {
        case .outside: break
        case .thisHost: return "this session comes from this host itself"
        case .anotherNamespace:
            return "this session came by another network namespace, where other rules hold"
        }
        let isOld = session.start.inSeconds <= commitment.committed
        switch earlier?.judge(session) {
        case .isNew, nil:
            return isOld ? "this SSH connection from \(connection.remote) is older than the change" : nil
        case .isEarlier:
            return "this SSH connection from \(connection.remote) is older than the change"
        case .isUnknown:
            return "whether this connection from \(connection.remote) is older than the change is not known"
        }
    }

    /// The same of the way that the session takes below its own addresses.
    func doubt(underPolicyOf number: Int, in folder: StateFolder) async throws -> String? {
        guard let connection = self?.connection else { return nil }
        let path: SessionPath
        do {
            path = try await NetworkNamespace.run(in: nil) { try SessionPath.of(connection) }
        } catch {
            return "the way that this session takes is not known (\(error))"
        }
        if let guest = path.guest {
            return "this session comes from a guest of this host, behind \(guest), and not from outside"
        }
        guard !path.tunnels.isEmpty, try folder.generation(number).kind != .remove else { return nil }
        guard let policy = try folder.policy(number) else {
            return
                "this session comes through \(path.tunnels[0].name), and no policy says whether that is let in"
        }
        return path.doubt(under: policy)?.reason
    }
}
