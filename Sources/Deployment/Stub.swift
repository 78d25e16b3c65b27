package import Diagnostics
package import Kernel
package import PacketModel
package import Policy
package struct ConnectionVerdict: Sendable {
    package var admitted: [LiveConnection]; init(of c: [LiveConnection], under p: Policy) { admitted = c }
}
package struct ChangePlan: Sendable {
    package var text = "plan\n"; package var json: JSONValue = .null; package var verdict: ConnectionVerdict
    init(
        from: Policy?,
        to: Policy,
        listeners: [Listener],
        connections: [LiveConnection],
        session: LoginSession?
    ) { verdict = .init(of: [], under: to) }
}
extension Policy {
    package func sessionDiagnostics(remote: IPAddress, local: IPAddress, port: UInt16, interface: String?)
        -> [Diagnostic]
    { [] }
}
