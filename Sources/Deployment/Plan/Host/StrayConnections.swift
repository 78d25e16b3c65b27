package import Kernel
import PacketModel
package import Policy

/// The connections in the kernel's table that could not begin under a policy. They go on under it, for what is
/// established passes, unless they are ended: by forgetting them, so that their next packet is judged as a new one.
package struct StrayConnections: Sendable {
    package private(set) var all: [TrackedConnection] = []
    /// How each goes: in, out, or through.
    private(set) var directions: [TrackedConnection: Direction] = [:]

    package static let none = StrayConnections()

    /// Of none.
    private init() {}

    /// Those of a network namespace, the caller's own for nil; the session of the person is not among them.
    package static func read(
        under policy: Policy,
        sparing session: LoginSession? = nil,
        in namespace: NetworkNamespace? = nil
    ) async throws -> StrayConnections {
        try await NetworkNamespace.run(in: namespace) { try find(under: policy, sparing: session) }
    }

    private static func find(under policy: Policy, sparing session: LoginSession?) throws -> StrayConnections
    {
        var judge = StrayJudge(
            policy,
            own: try ConnectionTracking.ownAddresses(),
            interfaces: try ContainerBridges.interfaces()
        )
        var result = StrayConnections()
        let spared = session?.connection
        result.all = try ConnectionTracking.connections { connection in
            if let spared, connection.isSame(as: spared) { return false }
            return judge.isStray(connection)
        }
        for connection in result.all { result.directions[connection] = judge.direction(connection) }
        return result
    }

    /// Ends them; returns how many there were.
    package static func end(
        under policy: Policy,
        sparing session: LoginSession? = nil,
        in namespace: NetworkNamespace? = nil
    ) async throws -> Int {
        try await NetworkNamespace.run(in: namespace) {
            try ConnectionTracking.forget(try find(under: policy, sparing: session).all)
        }
    }
}
