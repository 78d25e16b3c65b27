import Diagnostics
import Iptables
import Netfilter
import PacketModel
import Simulation
import Testing

/// First packet, reply and next packet, and forwarded packets that are asked about as a client asks.
@Suite struct ExplainedConnectionTests {
    private static let docker = """
        *nat
        :PREROUTING ACCEPT [0:0]
        :DOCKER - [0:0]
        -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
        -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
        -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
        COMMIT
        *filter
        :INPUT DROP [0:0]
        :FORWARD DROP [0:0]
        :DOCKER - [0:0]
        -A FORWARD -o docker0 -j DOCKER
        -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A FORWARD -i docker0 ! -o docker0 -j ACCEPT
        -A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
        COMMIT

        """

    private static let redirect = """
        *nat
        -A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 8080
        COMMIT
        *filter
        :INPUT DROP
        :OUTPUT DROP
        -A INPUT -p tcp --dport 8080 -j ACCEPT
        -A OUTPUT -p tcp --sport 8080 -m conntrack --ctstate ESTABLISHED -j ACCEPT
        COMMIT

        """

    private static let unknownWay = """
        *nat
        -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 10.0.0.5
        COMMIT
        *filter
        :INPUT DROP
        :FORWARD DROP
        -A FORWARD -o eth1 -j ACCEPT
        -A FORWARD -o tun+ -j REJECT
        COMMIT

        """

    @Test(arguments: [
        // As a client asks: the rules tell where the container is.
        (docker, "tcp 198.51.100.7 > 192.0.2.2:8080 in eth0", [], "accept"),
        (docker, "tcp 198.51.100.7 > 192.0.2.2:8081 in eth0", [], "drop"),
        (docker, "tcp 198.51.100.7 > 192.0.2.2:22 in eth0", [], "drop"),
        // With its way: whether the address is the host's is open, or said.
        (docker, "tcp 198.51.100.7 > 192.0.2.2:8080 in eth0 out docker0", [], "depends"),
        (docker, "tcp 198.51.100.7 > 192.0.2.2:8080 in eth0 out docker0", ["eth0=192.0.2.2/24"], "accept"),
        (docker, "tcp 198.51.100.7 > 192.0.2.2:8080 in eth0 out docker0", ["eth0=192.0.2.3/24"], "drop"),
        (docker, "tcp 198.51.100.7 > 192.0.2.9:8080 in eth0", ["eth0=192.0.2.2/24"], "drop"),
        (docker, "tcp 172.17.0.2 > 9.9.9.9:443 in docker0 out eth0", [], "accept"),
        // Nobody says where 10.0.0.5 is.
        (unknownWay, "tcp > 192.0.2.2:80 in eth0", [], "depends"),
        (unknownWay, "tcp > 192.0.2.2:80 in eth0", ["eth1=10.0.0.1/24"], "accept"),
        (unknownWay, "tcp > 192.0.2.2:80 in eth0", ["eth2=10.0.0.1/24"], "drop"),
        (unknownWay, "tcp > 192.0.2.2:80 in eth0", ["tun1=10.0.0.1/24"], "reject"),
        (unknownWay, "tcp > 192.0.2.2:80 in eth0", ["lo=10.0.0.5"], "drop"),
        (unknownWay, "tcp > 192.0.2.2:80 in eth0 out eth1", [], "accept"),
        (redirect, "tcp > 192.0.2.2:80 in eth0", [], "accept"),
        (redirect, "tcp > 192.0.2.2:81 in eth0", [], "drop"),
    ])
    func `a packet is judged where it goes`(
        rules: String,
        packet: String,
        addresses: [String],
        verdict: String
    ) throws {
        var explainer = try Self.explainer(rules, addresses)
        let outcomes = explainer.explain(try PacketText.read(packet))
        #expect(outcomes.verdict == verdict, "\(outcomes)")
    }

    @Test func `what becomes of it is told for each interface that the rules tell apart`() throws {
        var explainer = try Self.explainer(Self.unknownWay, [])
        let outcomes = explainer.explain(try PacketText.read("tcp > 192.0.2.2:80 in eth0"))
        #expect(outcomes.fatesByInterface == ["eth1": [.accept], "tun0": [.reject], "?": [.drop]])
    }

    @Test(
        arguments: [
            (
                docker, "tcp 198.51.100.7 > 192.0.2.2:8080 in eth0", "accept",
                "tcp 172.17.0.2:80 > 198.51.100.7:40000 in docker0 out eth0"
            ),
            (
                docker, "tcp 172.17.0.2 > 9.9.9.9:443 in docker0 out eth0", "accept",
                "tcp 9.9.9.9:443 > 192.0.2.2:40000 in eth0 out docker0"
            ),
            (
                docker, "icmp 172.17.0.2 > 9.9.9.9 in docker0 out eth0", "accept",
                "icmp 9.9.9.9 > 192.0.2.2 in eth0 out docker0"
            ),
            (
                redirect, "tcp > 192.0.2.2:80 in eth0", "accept",
                "tcp 192.0.2.2:8080 > 198.51.100.7:40000 out eth0"
            ),
            (
                "*filter\n:INPUT DROP\n-A INPUT -p tcp --dport 22 -j ACCEPT\n:OUTPUT DROP\nCOMMIT\n",
                "tcp > 192.0.2.2:22 in eth0", "drop",
                "tcp 192.0.2.2:22 > 198.51.100.7:40000 out eth0"
            ),
            (
                "*filter\n:INPUT DROP\n-A INPUT -p tcp --syn -j ACCEPT\nCOMMIT\n",
                "tcp > 192.0.2.2:22 in eth0", "drop",
                "tcp 192.0.2.2:22 > 198.51.100.7:40000 out eth0"
            ),
            (
                "*raw\n-A OUTPUT -j NOTRACK\nCOMMIT\n*filter\n:INPUT DROP\n-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\nCOMMIT\n",
                "udp 192.0.2.2 > 9.9.9.9:53 out eth0", "drop", "udp 9.9.9.9:53 > 192.0.2.2:40000 in eth0"
            ),
            ("*filter\n:OUTPUT DROP\nCOMMIT\n", "udp 192.0.2.2 > 9.9.9.9:53 out eth0", "drop", nil),
            ("*filter\nCOMMIT\n", "icmp type 3 in eth0", "accept", nil),
        ] as [(String, String, String, String?)]
    )
    func `a connection is its packets, there and back`(
        rules: String,
        packet: String,
        verdict: String,
        reply: String?
    ) throws {
        var explainer = try Self.explainer(rules, ["eth0=192.0.2.2/24", "docker0=172.17.0.1/16"])
        let connection = explainer.follow(try PacketText.read(packet))
        #expect(connection.verdict == verdict, "\(connection)")
        let turn = connection.turns.first { $0.part == .reply }
        let told = turn.map(\.description.text)
        #expect((told == nil) == (reply == nil))
        if let told, let reply { #expect(told.hasPrefix(reply), "\(told)") }
    }

    @Test func `a limit is asked once by each packet`() throws {
        let rules =
            "*filter\n:INPUT DROP\n-A INPUT -p tcp --syn -m limit --limit 1/hour --limit-burst 2 -j ACCEPT\nCOMMIT\n"
        var explainer = try Self.explainer(rules, [])
        let packet = try PacketText.read("tcp in eth0")
        let verdicts = (1...3).map { _ in explainer.follow(packet).turns.first?.outcomes.verdict }
        #expect(verdicts == ["accept", "accept", "drop"])
    }

    @Test(arguments: [
        ("tcp in eth0", IPFamily.ipv6), ("tcp > 192.0.2.2:1", .ipv4), ("icmp", .ipv4),
        ("tcp family ipv4", .ipv4),
    ])
    func `a family that is said holds for packets that say none`(packet: String, family: IPFamily) throws {
        #expect(try PacketText.read(packet).ofFamily(.ipv6).resolvedFamily == family)
    }

    private static func explainer(_ rules: String, _ addresses: [String]) throws -> RulesetExplainer {
        let source = SourceFile(name: "rules", text: rules)
        let names = NameDatabase(services: "", protocols: "tcp 6\nudp 17\nicmp 1\n")
        let (file, errors) = SaveFileReader.read(source, family: .ipv4, names: names)
        try #require(!errors.hasErrors, "\(errors)")
        let (loaded, more) = LoadedRuleset.load(file, from: source, family: .ipv4)
        try #require(!more.hasErrors, "\(more)")
        var explainer = RulesetExplainer(loaded, from: source, names: names)
        explainer.simulator.tell(addresses.compactMap(HostAddress.init), of: .ipv4)
        return explainer
    }
}
