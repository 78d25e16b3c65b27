import Diagnostics
import Foundation
import Netfilter
import PacketModel
import Testing

@testable import Policy

@Suite struct ResolutionTests {
    private func policy(_ text: String, folder: String = "/nonexistent") throws -> Policy {
        let source = SourceFile(name: "policy.yaml", text: "wallwright: 1\n" + text)
        let read = PolicyReader.read(source: source, environment: PolicyEnvironment(folder: folder))
        #expect(
            TerminalRenderer(usesColour: false).render(read.diagnostics.filter { $0.severity == .error })
                == ""
        )
        return try #require(read.policy)
    }

    private func line(_ text: String) throws -> PolicyLine {
        try #require(try policy(text).lines.first)
    }

    private func interval(_ first: String, _ last: String) throws -> Interval<UInt128> {
        let lower = try #require(IPAddress(first))
        let upper = try #require(IPAddress(last))
        return try #require(Interval(lower.value, upper.value))
    }

    @Test(arguments: [
        ("tcp/8443", ServiceSet(.tcp, [8443])), ("udp/60000-60001", ServiceSet(.udp, [60000, 60001])),
        ("esp", ServiceSet(.esp)), ("protocol/112", ServiceSet(IPProtocol(number: 112))),
        ("sctp", ServiceSet(.sctp)),
        ("icmp/3/4", ServiceSet(.icmp, [0x0304])), ("any", .any), ("icmpv6", ServiceSet(.icmpv6)),
        ("icmpv6/packet-too-big", ServiceSet(.icmpv6, ICMPType.members(type: 2))),
        ("[tcp/1, tcp/2, any]", .any),
    ])
    func serviceForms(_ text: String, _ expected: ServiceSet) throws {
        #expect(try line("inbound: [{allow: \(text)}]").services == expected)
    }

    @Test func ownServicesReferToEachOtherInAnyOrder() throws {
        let line = try line("inbound: [{allow: c}]\nservices: {c: [b, tcp/3], b: [a, http], a: tcp/1}\n")
        #expect(line.services == ServiceSet(.tcp, [1, 3, 80]))
    }

    @Test func setsNestAndHoldBothFamilies() throws {
        let line = try line(
            "inbound: [{allow: ssh, from: [b, 192.0.2.9]}]\nsets: {b: [a, 10.0.0.1-10.0.0.3], a: '2001:db8::/32'}\n"
        )
        let expected = try AddressSet(
            ipv4: IntervalSet([interval("10.0.0.1", "10.0.0.3"), interval("192.0.2.9", "192.0.2.9")]),
            ipv6: IntervalSet(interval("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"))
        )
        #expect(line.source == expected)
    }

    @Test func setFilesAreRelativeToThePolicy() throws {
        let place = try TemporaryFolder()
        try place.write("list.txt", "192.0.2.0/24\n")
        try place.write(
            "policy.yaml",
            "wallwright: 1\nsets: {a: {file: list.txt}}\ninbound: [{deny: any, from: a}]\n"
        )
        let read = PolicyReader.read(path: place.path + "/policy.yaml")
        let line = try #require(read.policy?.lines.first)
        #expect(line.source == AddressSet(ipv4: IntervalSet(try interval("192.0.2.0", "192.0.2.255"))))
        #expect(line.isBan)
    }

    @Test func localNetworksAreBuiltIn() throws {
        let source = try #require(try line("inbound: [{allow: ssh, from: local-networks}]").source)
        for text in ["10.1.2.3", "172.31.0.1", "192.168.0.1", "169.254.1.1", "fd00::1", "fe80::1"] {
            #expect(try source.contains(#require(IPAddress(text))))
        }
        for text in ["172.32.0.1", "192.0.2.1", "2001:db8::1", "fec0::1"] {
            #expect(try !source.contains(#require(IPAddress(text))))
        }
    }

    @Test(arguments: [
        ("inbound: [{allow: ssh, from: 192.0.2.0/24, except: 192.0.2.9}]", true, "192.0.2.8", "192.0.2.9"),
        ("forward: [{allow: ssh, except: 192.0.2.9}]", true, "2001:db8::1", "192.0.2.9"),
        ("outbound: [{allow: ssh, except: 192.0.2.9}]", false, "2001:db8::1", "192.0.2.9"),
        ("outbound: [{allow: ssh, except: {from: 192.0.2.9}}]", true, "192.0.2.8", "192.0.2.9"),
        ("inbound: [{allow: ssh, except: {to: 192.0.2.9}}]", false, "192.0.2.8", "192.0.2.9"),
    ])
    func exceptionsAreCarvedOut(_ text: String, _ ofSource: Bool, _ stays: String, _ goes: String) throws {
        let line = try line(text)
        let carved = try #require(ofSource ? line.source : line.destination)
        #expect((ofSource ? line.destination : line.source) == nil)
        #expect(try carved.contains(#require(IPAddress(stays))))
        #expect(try !carved.contains(#require(IPAddress(goes))))
    }

    @Test func aServiceCarvedOutOfAnyLeavesEveryOtherProtocol() throws {
        let line = try line("outbound: [{deny: any, to: 192.0.2.1, except: {services: smtp}}]")
        #expect(!line.isBan)
        #expect(!line.services.contains(.tcp, 25))
        #expect(line.services.contains(.tcp, 26) && line.services.contains(.esp, 0))
    }

    @Test func namedAndPlainInterfacesAreSortedOnce() throws {
        let line = try line(
            "inbound: [{allow: ssh, in: [lan, eth9, eth1]}]\ninterfaces: {lan: [eth1, 'wg*']}\n"
        )
        #expect(line.inputInterfaces?.map(\.text) == ["eth1", "eth9", "wg*"])
    }

    @Test func usersAreNumbersRangesAndNamesOfAccounts() throws {
        let line = try line("outbound: [{allow: smtp, user: [root, 1000, 2000-2010]}]")
        #expect(line.users?.contains(0) == true && line.users?.contains(2005) == true)
        #expect(line.users?.contains(1) == false)
    }

    @Test func theFirstAccountOfANameCounts() {
        let accounts = Accounts(Array("a:x:1:1::/:/bin/sh\nbroken\na:x:2:2::/:/bin/sh\nb:x:no:1\n".utf8))
        #expect(accounts.numbers == ["a": 1])
    }

    @Test(arguments: [
        ("5/second", 5, TokenBucket.Key.shared), ("5/hour burst 9", 9, .shared),
        ("5/minute per source", 5, .source(ipv6PrefixLength: 64)),
        ("5/minute burst 7 per destination/128", 7, .destination(ipv6PrefixLength: 128)),
    ])
    func limits(_ text: String, _ burst: UInt32, _ key: TokenBucket.Key) throws {
        let limit = try #require(try line("inbound: [{allow: ssh, limit: \(text)}]").limit)
        #expect(limit.burst == burst)
        #expect(limit.key == key)
    }

    @Test func aDenyWithoutServicesIsABan() throws {
        let line = try line("inbound:\n  - deny:\n    from: 192.0.2.1\n    reject: true\n    log: true\n")
        #expect(line.isBan && line.rejects)
        #expect(line.log == Rate(5, per: .minute))
        #expect(line.origin.title == "deny any from 192.0.2.1")
    }

    @Test func titlesStayShort() throws {
        let line = try line("inbound: [{allow: [http, https, ssh, mysql, postgresql, redis, smtp]}]")
        #expect(line.origin.title == "allow http, https, ssh, mysql, postgres…")
        #expect(line.origin.title.count == 40)
    }

    @Test func sections() throws {
        let policy = try policy(
            """
            baseline: {dhcp: false, helpers: true}
            log: {dropped: 5/minute, group: 7, prefix: fw}
            management: {ports: [22, 2222], from: 192.0.2.0/24}
            nat:
              - {masquerade: true, out: wan, from: 192.168.0.0/16}
              - {redirect: http, to-port: 8080, in: wan}
              - {port-forward: tcp/8443, to: "[2001:db8::1]:443"}
            containers: {outbound: deny, published: [tcp/8080, {allow: https, from: 192.0.2.1}], guest-services: false}
            rest: {outbound: reject}
            backend: iptables
            """
        )
        #expect(!policy.baseline.has(.dhcp) && policy.baseline.has(.helpers) && policy.baseline.has(.dhcpv6))
        #expect(policy.log.destination == .group(7))
        #expect(policy.log.prefix == "fw")
        guard case .obligation(let management) = policy.management else {
            Issue.record("no obligation")
            return
        }
        #expect(management.ports == [22, 2222])
        #expect(management.origin?.line == 4)
        #expect(
            policy.nat.map(\.action) == [
                .masquerade, .redirect(port: 8080),
                .portForward(IPAddress(family: .ipv6, value: 0x2001_0DB8 << 96 | 1), port: 443),
            ]
        )
        #expect(
            policy.containers?.published.map(\.origin.title) == [
                "published tcp/8080", "published allow https from 192.0.2.1",
            ]
        )
        #expect(policy.containers?.allowsOutbound == false)
        #expect(policy.containers?.parts == [.sameBridge, .hostToBridge])
        #expect(policy.rest == [.outbound: .reject])
        #expect(policy.backend == .iptables)
    }

    @Test func theOrderOfKeysAndLinesChangesNothing() throws {
        let first = try policy("inbound: [{allow: ssh, from: a}]\nsets: {a: 192.0.2.1}\nrest: reject\n")
        let second = try policy("rest: reject\nsets: {a: 192.0.2.1}\ninbound: [{from: a, allow: ssh}]\n")
        #expect(first.lines.map(\.source) == second.lines.map(\.source))
        #expect(first.rest == second.rest)
    }

    @Test func anEmptySetTakesItsLineAway() throws {
        let place = try TemporaryFolder()
        try place.write("empty.txt", "# nobody\n")
        let text =
            "sets: {a: {file: empty.txt}}\ninbound: [{deny: any, from: a}, {allow: ssh, from: a}, {allow: http}]\n"
        #expect(try policy(text, folder: place.path).lines.map(\.origin.title) == ["allow http"])
    }

    @Test func aChainOfNamesThatIsTooLongIsRefused() {
        let names = (0..<2_000).map { "s\($0): s\($0 + 1)" }.joined(separator: ", ")
        let source = SourceFile(name: "f", text: "wallwright: 1\nservices: {\(names), s2000: tcp/1}\n")
        let read = PolicyReader.read(source: source, environment: PolicyEnvironment(folder: "/"))
        #expect(read.diagnostics.contains { $0.code == "policy.service.depth" })
    }

    @Test func complaintsEnd() {
        let lines = String(repeating: "  - allow: nonsense\n", count: 5_000)
        let source = SourceFile(name: "f", text: "wallwright: 1\ninbound:\n" + lines)
        let read = PolicyReader.read(source: source, environment: PolicyEnvironment(folder: "/"))
        #expect(read.policy == nil)
        #expect(read.diagnostics.count == 1_001)
        #expect(read.diagnostics.last?.message == "4000 more complaints are not shown")
    }
}
