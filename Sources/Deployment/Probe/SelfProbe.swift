package import Compiler
package import Kernel
import PacketModel
package import Policy

/// Tries the rules by a connection like the one that a person works through, in namespaces made for it.
package enum SelfProbe {
    /// How long an answer may take; a connection in one machine takes a hundredth of it.
    private static let window = Duration.seconds(2)

    /// Tries a login: one like the session of these facts, or one that the policy admits. Throws when it does not get in.
    static func trial(
        of firewall: Firewall,
        under policy: Policy?,
        for facts: HostFacts
    ) async throws -> Proposal.Trial {
        if firewall.backends.isEmpty || policy?.management == Management.none { return .notNeeded }
        let own = facts.session.connection.flatMap { $0.remote.isRoutable ? $0 : nil }
        guard let login = own ?? policy.flatMap({ login(under: $0, to: facts.sshPorts) }) else {
            return .impossible
        }
        let passed: Bool?
        do {
            passed = try await admits(firewall, login)
        } catch {
            // In some containers no copy can be made: the settings of the kernel are read-only there.
            return .impossible
        }
        guard let passed else { return .impossible }
        guard passed else {
            throw ChangeError.refused(
                "tried in a copy, the rules let no login from \(login.remote) to port \(login.localPort) in; nothing was "
                    + "changed\ndo: allow it in the policy, or add --force if you have a console"
            )
        }
        return .passed
    }

    /// Whether a new connection like this one gets through to where this one leads. Nil where it cannot be tried: on
    /// loopback, and between addresses that hold on one link only.
    package static func admits(_ firewall: Firewall, _ connection: LiveConnection) async throws -> Bool? {
        guard connection.remote.isRoutable, connection.local.isRoutable else { return nil }
        let link = Self.link(for: connection)
        let network = try await TestNetwork.make(links: [link])
        try await HostFirewall(in: network.inside).install(firewall)
        let conversation = Conversation(
            .tcp(port: connection.localPort),
            from: connection.remote,
            to: connection.local,
            on: link.name
        )
        return try await Laboratory(network, window: window).run(.conversation(conversation)).observation
            == .passed
    }

    /// A login that the policy admits without a limit; nil when no line is about these ports alone.
    package static func login(under policy: Policy, to ports: [UInt16]) -> LiveConnection? {
        let finder = WitnessFinder(policy)
        // Of ten thousand lines few are about SSH.
        let lines = policy.lines.lazy.filter { line in
            line.direction == .inbound && line.action == .allow
                && ports.contains { line.services.contains(.tcp, $0) }
        }
        let witness = lines.flatMap(finder.witnesses).first { witness in
            let approach = witness.approach
            return approach.direction == .inbound && approach.transportProtocol == .tcp
                && ports.contains(approach.member) && witness.expectation == .passes
        }
        return witness.map { witness in
            LiveConnection(
                .tcp,
                local: witness.approach.destination,
                localPort: witness.approach.member,
                remote: witness.approach.source,
                remotePort: 0,
                isInbound: true,
                interface: witness.approach.inputInterface
            )
        }
    }

    /// A link with the name and the address of the real one, and a neighbour on its other end.
    static func link(for connection: LiveConnection) -> TestNetwork.Link {
        let length = connection.local.family == .ipv4 ? 24 : 64
        let neighbour = IPAddress(family: connection.local.family, value: connection.local.value ^ 1)
        return TestNetwork.Link(
            name: connection.interface ?? "eth0",
            inside: [TestNetwork.InterfaceAddress(connection.local, length: length)],
            outside: [TestNetwork.InterfaceAddress(neighbour, length: length)]
        )
    }
}
