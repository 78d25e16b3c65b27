import Compiler
import Iptables
import Netfilter
import PacketModel
import Policy
import Testing

/// What the kernel does with packets under policies that were lowered to iptables.
@Suite(.enabled(if: Sandbox.isAvailable, Sandbox.unavailable)) struct PacketTests {
    @Test(
        "of sixty connections at once from one source fifty pass",
        arguments: IPFamily.allCases,
        LoadingTests.variants
    )
    func burst(family: IPFamily, variant: String) throws {
        let lines = [
            Sample.line(1, .inbound, .allow, Sample.udp(9999), limit: Sample.perSource),
            Sample.line(2, .outbound, .allow, .any),
        ]
        let address = family == .ipv4 ? "127.0.0.1" : "::1"
        let script = """
            ip link set lo up
            bash -c 'for i in $(seq 60); do echo x > /dev/udp/\(address)/9999; done'
            \(Self.tool(family, variant))-save -c | grep -- '--dport 9999'
            """
        let result = try load(lines, family, variant, then: script)
        #expect(result.output.hasPrefix("[50:"), "\(result.output)")
    }

    @Test("two limits that overlap are both charged, and one that is under its rate suffices")
    func overlap() throws {
        let lines = [
            Sample.line(1, .inbound, .allow, Sample.udp(9999), limit: Sample.limit(5, .hour)),
            Sample.line(2, .inbound, .allow, Sample.udp(9999, 9998), limit: Sample.limit(9, .hour)),
            Sample.line(3, .outbound, .allow, .any),
        ]
        let script = """
            ip link set lo up
            bash -c 'for i in $(seq 20); do echo x > /dev/udp/127.0.0.1/9999; done'
            bash -c 'for i in $(seq 3); do echo x > /dev/udp/127.0.0.1/9998; done'
            iptables-nft-save -c | grep -- '-A WALLWRIGHT-INPUT-REST'
            """
        let result = try load(lines, .ipv4, "nft", then: script)
        // Both buckets were charged from the start, so the larger one let nine pass in all.
        #expect(result.output.hasPrefix("[14:"), "\(result.output)")
    }

    @Test("limited pings are counted one by one", arguments: LoadingTests.variants)
    func pings(variant: String) throws {
        let lines = [
            Sample.line(1, .inbound, .allow, Sample.ping, limit: Sample.limit(5, .hour)),
            Sample.line(2, .outbound, .allow, .any),
        ]
        let script = "ip link set lo up\nping -c 8 -i 0.01 -W 1 127.0.0.1 || true"
        let result = try load(lines, .ipv4, variant, then: script)
        #expect(result.output.contains("8 packets transmitted, 5 received"), "\(result.output)")
    }

    @Test(
        "after a redirect the port that was asked for counts",
        arguments: IPFamily.allCases,
        LoadingTests.variants
    )
    func redirect(family: IPFamily, variant: String) throws {
        let lines = [
            Sample.line(1, .inbound, .allow, Sample.udp(80)), Sample.line(2, .outbound, .allow, .any),
        ]
        let translation = TranslationLine(
            action: .redirect(port: 8080),
            services: Sample.udp(80),
            origin: Sample.origin(3, "redirect http")
        )
        let (network, inside, outside) =
            family == .ipv4 ? ("/24", "10.9.0.1", "10.9.0.2") : ("/64", "fd09::1", "fd09::2")
        let script = """
            unshare --net sleep 20 &
            peer=$!
            sleep 0.2
            ip link add inner type veth peer name outer
            ip link set outer netns $peer
            ip addr add \(inside)\(network) dev inner $NODAD
            ip link set inner up
            nsenter -t $peer -n ip addr add \(outside)\(network) dev outer $NODAD
            nsenter -t $peer -n ip link set outer up
            sleep 0.5
            nsenter -t $peer -n bash -c 'for p in 80 8080 8080; do echo x > /dev/udp/\(inside)/$p; sleep 0.1; done' || true
            sleep 0.3
            kill $peer
            \(Self.tool(family, variant))-save -c | grep -e '--ctorigdstport 80 ' -e '-A WALLWRIGHT-INPUT-REST'
            """
        let nodad = family == .ipv6 ? "NODAD=nodad\n" : "NODAD=\n"
        let result = try load(lines, nat: [translation], family, variant, then: nodad + script)
        let counts = result.output.split(separator: "\n").filter { $0.hasPrefix("[") }.map {
            $0.prefix { $0 != ":" }
        }
        #expect(counts == ["[1", "[2"], "\(result.output)")
    }

    private func load(
        _ lines: [PolicyLine],
        nat: [TranslationLine] = [],
        _ family: IPFamily,
        _ variant: String,
        then script: String
    ) throws -> Sandbox.Result {
        var baseline = Baseline()
        // The packets of most tests stay on the loopback interface, and must be judged all the same.
        baseline.parts.subtract([.loopback, .spoofedLoopback])
        let policy = Policy(source: Sample.source, lines: lines, baseline: baseline, nat: nat)
        let ruleset = try IptablesLowering.lower(policy, family: family, usesIpset: true)
        let rules = try IptablesPrinter.restoreFile(ruleset, family: family, includingJumps: true)
        let start = "\(Self.tool(family, variant))-restore --noflush -w < $DIR/rules\n"
        let result = try Sandbox.run(start + script, files: ["rules": rules])
        #expect(result.status == 0, "\(result.output)")
        return result
    }

    private static func tool(_ family: IPFamily, _ variant: String) -> String {
        (family == .ipv4 ? "iptables" : "ip6tables") + "-\(variant)"
    }
}
