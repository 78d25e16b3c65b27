import Compiler
import Diagnostics
import Netfilter
import PacketModel
import Policy
import Testing
import Trial

@testable import Kernel

/// A network whose machine gets rules by hand, for the fact, and policies, for what we make of it.
struct Scene: Sendable {
    let network: TestNetwork
    let laboratory: Laboratory

    init(links: [String] = ["eth0"], window: Duration = .milliseconds(400)) async throws {
        network = try await .make(
            links: links.enumerated().map { .init(name: $1, number: UInt8($0 + 1)) }
        )
        laboratory = Laboratory(network, window: window)
    }

    /// Reads and commits a policy, in the place of an earlier one.
    func apply(_ lines: String, _ backend: BackendKind) async throws {
        let policy = try Self.policy(lines)
        switch backend {
        case .nftables:
            try await NftablesBackend().commit(try NftablesProgram(policy), in: network.inside)
        case .iptablesNft, .iptablesLegacy:
            let program = try IptablesProgram(policy, usesIpset: true)
            try await IptablesBackend(try #require(backend.variant)).commit(program, in: network.inside)
        }
    }

    /// The policy of these lines; `management: none` is added where they say nothing of it.
    static func policy(_ lines: String) throws -> Policy {
        let management = lines.contains("management:") ? "" : "management: none\n"
        let text = "wallwright: 1\n\(management)\(lines)\n"
        let (policy, diagnostics) = PolicyReader.read(
            source: SourceFile(name: "policy.yaml", bytes: Array(text.utf8)),
            environment: PolicyEnvironment(folder: "/")
        )
        return try #require(policy, "\(diagnostics.map(\.message))")
    }

    /// Loads a table of somebody else; an earlier one goes.
    func load(_ body: String, outside: Bool = false) async throws {
        let text = "table inet facts {\n}\ndelete table inet facts\ntable inet facts {\n\(body)\n}\n"
        let program = NftablesProgram(text: text)
        try await NftablesBackend().commit(program, in: outside ? network.outside : network.inside)
    }

    /// Adds rules to what stands in the table `filter` of a family.
    func addRules(_ lines: String, _ variant: IptablesVariant, _ family: IPFamily) async throws {
        let restore = try #require(try IptablesTools(variant).restore[family])
        try await restore.run(["--noflush"], text: "*filter\n\(lines)\nCOMMIT\n", in: network.inside)
    }

    /// How many packets a named counter of ``load(_:outside:)`` has seen.
    func packets(_ counter: String, outside: Bool = false) async throws -> Int {
        let listed = try await Tool(named: "nft").run(
            ["list", "counter", "inet", "facts", counter],
            text: "",
            in: outside ? network.outside : network.inside
        )
        let words = listed.split(whereSeparator: \.isWhitespace)
        let place = try #require(words.firstIndex(of: "packets"))
        return try #require(Int(words[place + 1]))
    }

    func observe(_ probes: [Probe]) async throws -> [Observation] {
        try await laboratory.run(probes).map(\.observation)
    }

    func observe(_ probe: Probe) async throws -> Observation {
        try await laboratory.run(probe).observation
    }

    /// How many of the probes, sent at once, pass.
    func passes(_ probes: [Probe]) async throws -> Int {
        try await observe(probes).count { $0 == .passed }
    }

    func host(_ family: IPFamily, _ link: String = "eth0") throws -> IPAddress {
        try #require(network.link(link)?.insideAddress(family))
    }

    func neighbour(_ family: IPFamily, _ link: String = "eth0") throws -> IPAddress {
        try #require(network.link(link)?.outsideAddress(family))
    }

    /// A conversation with a listener of the host.
    func inbound(_ kind: Conversation.Kind, from client: IPAddress, port: UInt16 = 0) throws -> Probe {
        .conversation(
            Conversation(kind, from: client, port: port, to: try host(client.family), on: "eth0")
        )
    }

    /// A conversation that the host starts.
    func outbound(_ kind: Conversation.Kind, to server: IPAddress, port: UInt16 = 0) throws -> Probe {
        .conversation(
            Conversation(
                kind,
                .outbound(),
                from: try host(server.family),
                port: port,
                to: server,
                on: "eth0"
            )
        )
    }

    /// Datagrams to a port of the host; each starts a connection of its own.
    func datagrams(_ count: Int, to port: UInt16, from source: IPAddress) throws -> [Probe] {
        let host = try host(source.family)
        return (0..<count).map { number in
            let transport = WirePacket.Transport.udp(source: 20_000 + UInt16(number), destination: port)
            return .inbound(WirePacket(from: source, to: host, transport), on: "eth0")
        }
    }

    /// Echo requests of one identifier.
    func echoes(_ count: Int, from source: IPAddress) throws -> [Probe] {
        let host = try host(source.family)
        return (0..<count).map { number in
            let sequence = UInt16(number)
            return .inbound(
                .echoRequest(from: source, to: host, identifier: 77, sequence: sequence),
                on: "eth0"
            )
        }
    }
}

extension IPFamily {
    /// An address of a host far away (RFC 5737, RFC 3849).
    func foreign(_ host: UInt128) -> IPAddress {
        switch self {
        case .ipv4: IPAddress(family: .ipv4, value: 0xC000_0200 | host)
        case .ipv6: IPAddress(family: .ipv6, value: 0x2001_0DB8 << 96 | host)
        }
    }

    /// An address of another /64 than ``foreign(_:)``'s.
    func otherNetwork(_ host: UInt128) -> IPAddress {
        self == .ipv4 ? foreign(host) : foreign(1 << 64 | host)
    }
}
