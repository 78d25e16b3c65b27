import Diagnostics
import Kernel
import PacketModel
import Policy
import Testing

@testable import Deployment

/// What is said of the real rules of others: who opens what.
@Suite struct OpeningsTests {
    private static func openings(
        v4: [String] = [],
        nft: [String] = [],
        answers: [String: String] = [:],
        policy: Policy? = nil
    ) async throws -> Openings {
        var sample = try PreflightSample()
        sample.answers["iptables-nft-save"] = .success(try v4.map(OwnerRules.text).joined())
        sample.answers["nft --stateless --terse list ruleset"] = .success(
            try nft.map(OwnerRules.text).joined()
        )
        for (question, answer) in answers { sample.answers[question] = .success(answer) }
        return Openings(await VisibleRules(reading: sample.host()), comparing: policy)
    }

    @Test(
        arguments: [
            (["podman.v4"], ["Podman tcp/8080, to 10.88.0.2:80"]),
            (["cni.v4"], ["CNI tcp/8081, to 10.89.0.2:80"]),
            (["kube-proxy.v4"], ["kube-proxy tcp/30080, to a service of the cluster"]), (["docker.v4"], []),
            (["libvirt.v4", "ufw.v4"], []),
        ]
    )
    func aPortThatIsSentToAGuestIsPublished(_ files: [String], _ wanted: [String]) async throws {
        let openings = try await Self.openings(v4: files)
        let published = openings.all.filter { $0.kind == .publishes }.map { "\($0.owner) \($0.text)" }
        #expect(published == wanted)
    }

    /// firewalld has the port in its rule, systemd in a map, which alone is fetched.
    @Test func portsOfNftablesArePublishedToo() async throws {
        let map = """
            table ip io.systemd.nat {
            \tmap map_port_ipport {
            \t\ttype inet_proto . inet_service : ipv4_addr . inet_service
            \t\telements = { tcp . 8085 : 192.168.200.25 . 80,
            \t\t\t     udp . 5353 : 192.168.200.25 . 53 }
            \t}
            }
            """
        let openings = try await Self.openings(
            nft: ["nspawn.nft", "firewalld.nft", "miniupnpd.nft"],
            answers: ["nft list map ip io.systemd.nat map_port_ipport": map]
        )
        let published = openings.all.filter { $0.kind == .publishes }.map { "\($0.owner) \($0.text)" }
            .sorted()
        #expect(
            published == [
                "firewalld tcp/2222, to 10.0.0.5:22", "miniupnpd tcp/8088, to 10.9.0.20:8088",
                "systemd tcp/8085, to 192.168.200.25:80", "systemd udp/5353, to 192.168.200.25:53",
            ]
        )
    }

    @Test func aRedirectAndATransparentProxyAreTold() async throws {
        var sample = try PreflightSample()
        sample.answers["iptables-nft-save"] = .success(
            """
            *nat
            :PREROUTING ACCEPT [0:0]
            -A PREROUTING -p tcp -m tcp --dport 80 -m comment --comment "-j DNAT" -j REDIRECT --to-ports 8080
            COMMIT
            *mangle
            :PREROUTING ACCEPT [0:0]
            -A PREROUTING -p tcp -m multiport --dports 443,8443 -j TPROXY --on-port 3129 --on-ip 0.0.0.0
            COMMIT

            """
        )
        let openings = Openings(await VisibleRules(reading: sample.host()), comparing: nil)
        #expect(
            openings.all.map(\.text) == [
                "tcp/80, to port 8080 here", "tcp/443, to a transparent proxy on port 3129",
                "tcp/8443, to a transparent proxy on port 3129",
            ]
        )
    }

    @Test func whatAnotherFirewallLetsInIsHeldAgainstThePolicy() async throws {
        let policy = try #require(
            PolicyReader.read(
                source: SourceFile(
                    name: "policy.yaml",
                    bytes: Array("wallwright: 1\ninbound: [{allow: [ssh, http]}]\n".utf8)
                ),
                environment: PolicyEnvironment(folder: "/")
            ).policy
        )
        let openings = try await Self.openings(v4: ["ufw.v4"], nft: ["firewalld.nft"], policy: policy)
        let admitted = openings.all.filter { $0.kind == .admits && !$0.text.hasPrefix("everything") }
        let ufw = try #require(admitted.first { $0.owner == "ufw" })
        #expect(ufw.text.hasPrefix("both let in ssh; only it https"), "\(ufw)")
        #expect(ufw.text.hasSuffix("only the policy http"), "\(ufw)")
        let zone = try #require(admitted.first { $0.owner == "firewalld" })
        #expect(zone.text.hasPrefix("zone public: both let in ssh; only it https"), "\(zone)")
    }

    @Test func interfacesAndIPsecAreTold() async throws {
        let openings = try await Self.openings(v4: ["tailscale.v4", "libvirt.v4", "strongswan.v4"])
        let told = openings.all.filter { $0.kind == .admits }.map { "\($0.owner): \($0.text)" }
        #expect(told.contains("Tailscale: everything that comes by tailscale0"))
        #expect(told.contains("libvirt: everything that comes by virbr0, which  containers:  governs"))
        #expect(told.contains("strongSwan: what came by IPsec"))
    }

    /// Sets are counted, not fetched: nobody is asked for their elements.
    @Test func bansAreCounted() async throws {
        let terse = """
            Name: f2b-sshd
            Type: hash:ip
            Header: family inet hashsize 1024 maxelem 65536
            Size in memory: 208
            References: 1
            Number of entries: 50000

            """
        let openings = try await Self.openings(
            v4: ["fail2ban.v4", "sshguard.v4"],
            answers: ["ipset list -name": "f2b-sshd\nmine\n", "ipset list -terse f2b-sshd": terse]
        )
        let bans = openings.all.filter { $0.kind == .bans }.map { "\($0.owner): \($0.text)" }
        #expect(bans == ["fail2ban: 50001 addresses or networks", "sshguard: 2 addresses or networks"])
    }

    @Test func whoStandsBeforeOursIsNamed() async throws {
        var sample = try PreflightSample()
        sample.answers["iptables-nft-save"] = .success(
            "*filter\n:INPUT ACCEPT [0:0]\n:WALLWRIGHT-INPUT - [0:0]\n:f2b-sshd - [0:0]\n"
                + "-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd\n-A INPUT -i eth9 -j ACCEPT\n"
                + "-A INPUT -j WALLWRIGHT-INPUT\n-A INPUT -j ts-input\nCOMMIT\n"
        )
        let openings = Openings(await VisibleRules(reading: sample.host()), comparing: nil)
        let before = openings.all.filter { $0.kind == .precedes }.map { "\($0.owner): \($0.text)" }
        #expect(
            before == [
                "fail2ban: 1 rule before ours in IPv4 INPUT", "somebody: 1 rule before ours in IPv4 INPUT",
            ]
        )
    }

    @Test func whereNobodyIsNothingIsTold() async throws {
        #expect(try await Self.openings().all.isEmpty)
    }
}
