import Deployment
import Diagnostics
import Kernel
import PacketModel
import Policy
import Testing

@Suite struct InitialPolicyTests {
    private static func listener(
        _ transportProtocol: IPProtocol,
        _ address: String,
        _ port: UInt16,
        _ process: String? = nil,
        both: Bool = false,
        user: String? = nil
    ) -> Listener {
        let address = IPAddress(address) ?? IPAddress(family: .ipv4, value: 0)
        return Listener(
            transportProtocol,
            address,
            port: port,
            takesBothFamilies: both,
            process: process,
            user: user,
            isOfRoot: user == nil && process != nil
        )
    }

    private static let server = InitialPolicy(
        sshPorts: [22],
        listeners: [
            listener(.tcp, "::", 22, "sshd", both: true), listener(.tcp, "127.0.0.1", 3_306, "mysqld"),
            listener(.tcp, "0.0.0.0", 80, "nginx"), listener(.tcp, "::", 80, "nginx"),
            listener(.tcp, "::", 443, "nginx", both: true), listener(.udp, "192.0.2.1", 53, "named"),
            listener(.tcp, "192.0.2.1", 53, "named"), listener(.tcp, "2001:db8::1", 53, "named"),
            listener(.udp, "0.0.0.0", 68, "dhclient"), listener(.tcp, "0.0.0.0", 9_200, "java"),
            listener(.udp, "0.0.0.0", 51_820), listener(.tcp, "::1", 631, "cupsd"),
            listener(.tcp, "127.0.0.1", 631, "cupsd"), listener(.tcp, "0.0.0.0", 8_080, "docker-proxy"),
            listener(.tcp, "::", 8_080, "docker-proxy"), listener(.tcp, "127.0.0.1", 5_000, "docker-proxy"),
        ],
        bridges: ["docker0", "br-0123456789ab"],
        session: IPAddress("203.0.113.5")
    )

    /// The filter of sources is offered where routes say clearly where each is, and nowhere else.
    @Test(arguments: [
        (WaysOfHost(networks: ["eth0", "eth1"], defaults: ["eth0", "eth0"]), true),
        (WaysOfHost(networks: ["eth0", "br-lan"], defaults: ["eth0"]), true),
        (WaysOfHost(networks: ["eth0"], defaults: ["eth0"]), false),
        (WaysOfHost(networks: ["eth0", "eth1"], defaults: ["eth0", "eth1"]), false),
        (WaysOfHost(networks: ["eth0", "eth1"], defaults: []), false),
        (WaysOfHost(networks: ["eth0", "eth1"], defaults: ["eth0"], isChosen: true), false),
        (
            WaysOfHost(networks: ["eth0", .init(interface: "wg0", kind: "wireguard")], defaults: ["eth0"]),
            false
        ),
    ])
    func theReversePathIsOfferedWhereItIsSafe(ways: WaysOfHost, isOffered: Bool) {
        var policy = Self.server
        policy.ways = ways
        let offer = "# baseline:\n#   reverse-path: true\n"
        #expect(policy.text.contains(offer) == isOffered)
        let taken = policy.text.replacing(offer, with: "baseline:\n  reverse-path: true\n")
        let read = PolicyReader.read(
            source: SourceFile(name: "policy.yaml", text: taken),
            environment: PolicyEnvironment(folder: "/")
        )
        #expect(read.policy?.baseline.has(.reversePath) == isOffered)
    }

    @Test func theTextIsForAPersonAtThreeInTheMorning() {
        let expected = """
            # The firewall of this host. What is not allowed here is dropped, over IPv4 and IPv6.
            #
            # What to do next:
            #   1. Read this file. Take the # away from the lines that others must reach.
            #   2. wallwright plan     shows what would change, and changes nothing.
            #   3. wallwright apply    changes it, and changes it back by itself unless you confirm from a new login.
            wallwright: 1

            inbound:
              - allow: ssh
              # What else listens on this host, and is shut as long as its line begins with #.
              # To let only some in, write under a line:    from: 192.0.2.0/24
              # - allow: dns          # named on 192.0.2.1:53 and [2001:db8::1]:53
              # - allow: http         # nginx on every address
              # - allow: https        # nginx on every address
              # - allow: tcp/9200     # java on every IPv4 address, perhaps elasticsearch or opensearch
              # - allow: dhcp-client  # dhclient on every IPv4 address, let in by the baseline: needs no line
              # - allow: udp/51820    # an unknown program on every IPv4 address, perhaps netbird or wireguard
              # - allow: ipp          # cupsd on 127.0.0.1:631 and [::1]:631, loopback only: needs no line
              # - allow: mysql        # mysqld on 127.0.0.1:3306, loopback only: needs no line

            outbound:
              # Names, time, and the web: what updates need.
              - allow: [dns, ntp, http, https, ping]

            # Containers or virtual machines are here: br-0123456789ab, docker0.
            # They reach out as before; from outside only the ports under `published` are reachable.
            containers:
              outbound: allow
              # What they publish now. Take the # away, and out of the list what nobody needs.
              # published: [tcp/8080]

            # You are logged in from here. With this line no policy is taken that would shut SSH to that address.
            # management: { from: 203.0.113.5 }

            log:
              dropped: 5/minute

            """
        #expect(Self.server.text == expected)
    }

    /// Programs call themselves what they like, and open what they like.
    @Test func aNameIsBelievedOfRootAlone() {
        let initial = InitialPolicy(
            sshPorts: [22],
            listeners: [
                Self.listener(.tcp, "0.0.0.0", 8_022, "sshd", user: "nobody"),
                Self.listener(.tcp, "0.0.0.0", 8_080, "docker-proxy", user: "nobody"),
                Self.listener(.tcp, "0.0.0.0", 9_200, "elasticsearch", user: "mallory"),
                Self.listener(.tcp, "0.0.0.0", 3_306, "mysqld", user: "mysql"),
            ],
            bridges: ["docker0"]
        )
        let text = initial.text
        #expect(text.contains("  - allow: ssh\n"))
        for line in [
            "# - allow: tcp/8022  # sshd of user nobody on every IPv4 address",
            "# - allow: tcp/8080  # docker-proxy of user nobody on every IPv4 address",
            "# - allow: tcp/9200  # elasticsearch of user mallory on every IPv4 address, perhaps elasticsearch or opensearch",
            "# - allow: mysql     # mysqld of user mysql on every IPv4 address",
        ] { #expect(text.contains(line), "\(text)") }
        #expect(!text.contains("published: ["))
    }

    private static let hosts: [InitialPolicy] = [
        server,
        InitialPolicy(sshPorts: [], listeners: []),
        InitialPolicy(sshPorts: [2_222], listeners: [], session: IPAddress("2001:db8::5")),
        InitialPolicy(sshPorts: [22, 2_222], listeners: [listener(.tcp, "::", 2_222, "sshd", both: true)]),
        InitialPolicy(
            sshPorts: [22],
            listeners: [listener(.tcp, "0.0.0.0", 80, "x\n  - allow: any\u{7}\u{2028}é")],
            bridges: ["br-\u{1B}[31m", "br-\n- x"],
            session: IPAddress("127.0.0.1")
        ),
        // Every port of the catalogue at once.
        InitialPolicy(
            sshPorts: [22],
            listeners: ServiceCatalogue.all.flatMap { service in
                service.members.members.filter { $0.key.hasPorts }.flatMap { transportProtocol, ports in
                    ports.intervals.flatMap { [$0.lower, $0.upper] }
                        .map { listener(transportProtocol, "0.0.0.0", $0, service.name) }
                }
            }
        ),
    ]

    private static func read(_ text: String) -> (policy: Policy?, messages: String) {
        let source = SourceFile(name: "policy.yaml", bytes: Array(text.utf8))
        let (policy, diagnostics) = PolicyReader.read(
            source: source,
            environment: PolicyEnvironment(folder: "/")
        )
        return (policy, TerminalRenderer(usesColour: false).render(diagnostics))
    }

    @Test(arguments: hosts.indices)
    func itIsAPolicyThatLetsOnlySSHIn(_ host: Int) throws {
        let initial = Self.hosts[host]
        let (read, messages) = Self.read(initial.text)
        #expect(messages == "")
        let policy = try #require(read)
        let inbound = policy.lines.filter { $0.direction == .inbound }
        #expect(
            inbound.map(\.services) == [ServiceSet(.tcp, IntervalSet(initial.sshPorts.map { Interval($0) }))]
        )
        #expect(policy.managementDiagnostics(listening: initial.sshPorts).isEmpty)
        #expect(policy.containerDiagnostics(present: initial.bridges).isEmpty)
        #expect(policy.lines.count == 2)
        #expect(policy.containers?.allowsOutbound == (initial.bridges.isEmpty ? nil : true))
        #expect(policy.containers?.published.isEmpty ?? true)
    }

    @Test(arguments: hosts.indices)
    func everyLineCanBeUncommented(_ host: Int) throws {
        let initial = Self.hosts[host]
        let lines = initial.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let offers = lines.indices.filter { index in
            ["# - allow", "# published", "# management"].contains { lines[index].contains($0) }
        }
        var all = lines
        for index in offers {
            var one = lines
            one[index].replace("# ", with: "", maxReplacements: 1)
            all[index] = one[index]
            let (policy, messages) = Self.read(one.joined(separator: "\n"))
            #expect(messages == "")
            #expect(policy != nil)
        }
        let (policy, messages) = Self.read(all.joined(separator: "\n"))
        #expect(messages == "")
        let offered = offers.count { lines[$0].contains("- allow") }
        #expect(policy?.lines.count == 2 + offered)
        // Together they admit what listens, and nothing else.
        let inbound = (policy?.lines ?? []).filter { $0.direction == .inbound }
        let admitted = inbound.map(\.services).reduce(ServiceSet()) { $0.union($1) }
        let wanted = (policy?.containers?.published ?? []).map(\.services).reduce(admitted) { $0.union($1) }
        let listening = initial.listeners.filter { $0.process != "docker-proxy" || $0.address.value == 0 }
        let expected = listening.map { ServiceSet($0.transportProtocol, [$0.port]) }
            .reduce(ServiceSet(.tcp, IntervalSet(initial.sshPorts.map { Interval($0) }))) { $0.union($1) }
        #expect(wanted == expected)
    }

    @Test func theOrderOfTheFactsMeansNothing() {
        for _ in 0..<20 {
            var other = Self.server
            other.listeners.shuffle()
            other.bridges.shuffle()
            #expect(other.text == Self.server.text)
        }
    }

    @Test(
        arguments: [
            (["192.0.2.1"], "x on 192.0.2.1:7000"),
            (["192.0.2.1", "192.0.2.2"], "x on 192.0.2.1:7000 and 192.0.2.2:7000"),
            (["::"], "x on every IPv6 address"),
            (["0.0.0.0", "::"], "x on every address"),
            (["0.0.0.0", "192.0.2.1", "fe80::1"], "x on every IPv4 address and [fe80::1]:7000"),
            (
                ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"],
                "x on 10.0.0.1:7000, 10.0.0.2:7000, 10.0.0.3:7000 and 2 more"
            ),
        ]
    )
    func aLineSaysWhereTheProgramListens(_ addresses: [String], remark: String) {
        let listeners = addresses.map { Self.listener(.tcp, $0, 7_000, "x") }
        let text = InitialPolicy(sshPorts: [22], listeners: listeners).text
        #expect(text.contains("  # \(remark)\n"))
    }

    /// A name opens what listens, and no more.
    @Test(
        arguments: [
            ([(.tcp, 53)], "any", ["tcp/53"]), ([(.tcp, 53), (.udp, 53)], "any", ["dns"]),
            ([(.udp, 60_001)], "mosh-server", ["udp/60001"]),
            ([(.tcp, 9_200)], "java", ["tcp/9200"]), ([(.tcp, 9_200)], "opensearch", ["opensearch"]),
            ([(.tcp, 5_432)], "postgres", ["postgresql"]), ([(.tcp, 6_379)], "any", ["redis"]),
        ] as [([(IPProtocol, UInt16)], String, [String])]
    )
    func aServiceOfTheCatalogueHasItsName(
        _ ports: [(IPProtocol, UInt16)],
        process: String,
        services: [String]
    ) {
        let listeners = ports.map { Self.listener($0.0, "0.0.0.0", $0.1, process) }
        let lines = InitialPolicy(sshPorts: [22], listeners: listeners).text.split(separator: "\n")
        let offered = lines.filter { $0.hasPrefix("  # - allow: ") }.map { $0.split(separator: " ")[3] }
        #expect(offered == services.map { $0[...] })
    }
}

extension WaysOfHost.Way: ExpressibleByStringLiteral {
    /// An interface that is no software.
    public init(stringLiteral name: String) { self.init(interface: name) }
}
