import Diagnostics
import Kernel
import PacketModel
import Policy
import Testing

@testable import Deployment

/// Two policies, a host, and what the plan says of them.
struct PlanCase: Sendable, CustomTestStringConvertible {
    var name: String
    /// Without its first line; nil before the first apply.
    var old: String?
    var new: String
    var listeners: [Listener] = []
    var connections: [LiveConnection] = []
    var text: String

    var testDescription: String { name }

    func plan() throws -> ChangePlan {
        ChangePlan(
            from: try old.map(Self.policy),
            to: try Self.policy(new),
            listeners: listeners,
            connections: connections,
            session: connections.first.map { LoginSession(connection: $0, start: .zero) }
        )
    }

    func check() throws {
        let said = try plan().text
        #expect(said == text, "\(said)")
    }

    /// Reads a policy whose first line, `wallwright: 1`, is left out.
    static func policy(_ body: String) throws -> Policy {
        let source = SourceFile(name: "/etc/wallwright/policy.yaml", text: "wallwright: 1\n\(body)\n")
        let (policy, diagnostics) = PolicyReader.read(
            source: source,
            environment: PolicyEnvironment(folder: "/")
        )
        #expect(!diagnostics.hasErrors, "\(diagnostics.map(\.message))")
        return try #require(policy)
    }

    /// The policy of the guide.
    static let guide = """
        inbound:
          - allow: ssh
          - allow: [http, https]
            limit: 50/minute per source
          - allow: mysql
            from: 192.0.2.5
          - allow: ping

        outbound:
          - allow: [dns, ntp, http, https, ping]

        log:
          dropped: 5/minute

        """
}
