import Diagnostics
import Kernel
import Policy
import SystemPackage
import TestSupport
import Testing

@testable import Deployment

/// Guests of one bridge are not cut from each other without a word.
@Suite struct PreflightBridgeTests {
    private static let links = """
        [{"ifname":"lo"},
         {"ifname":"br0","linkinfo":{"info_kind":"bridge","info_data":{"nf_call_iptables":0,"nf_call_ip6tables":0}}},
         {"ifname":"br1","linkinfo":{"info_kind":"bridge","info_data":{"nf_call_iptables":1,"nf_call_ip6tables":0}}},
         {"ifname":"br2","linkinfo":{"info_kind":"bridge","info_data":{"nf_call_iptables":0,"nf_call_ip6tables":0}}},
         {"ifname":"bond0","linkinfo":{"info_kind":"bond"}},
         {"ifname":"a","master":"br0"},{"ifname":"b","master":"br0"},
         {"ifname":"c","master":"br1"},{"ifname":"d","master":"br1"},
         {"ifname":"e","master":"br2"},
         {"ifname":"f","master":"bond0"},{"ifname":"g","master":"bond0"}]
        """

    private func said(_ body: String, ipv4: Int?, ipv6: Int = 0) async throws -> [Diagnostic] {
        var sample = try PreflightSample()
        if let ipv4 {
            try sample.write("/proc/sys/net/bridge/bridge-nf-call-iptables", "\(ipv4)\n")
            try sample.write("/proc/sys/net/bridge/bridge-nf-call-ip6tables", "\(ipv6)\n")
        }
        sample.answers["ip -j -d link show"] = .success(Self.links)
        let host = sample.host(policy: try PlanCase.policy(body))
        return await BridgeFilterCheck(reading: host).diagnostics
    }

    @Test(
        arguments: [
            ("inbound: [{allow: ssh}]", 1, 0, "br0, br1"),
            ("inbound: [{allow: ssh}]", 0, 1, "br0, br1"),
            ("inbound: [{allow: ssh}]", 0, 0, "br1"),
            ("forward: [{allow: any, in: br0, out: br0}]", 1, 1, "br1"),
            ("forward: [{allow: any, in: \"br*\", out: \"br*\"}]", 1, 1, nil),
            ("containers: {outbound: deny, bridges: [br0, br1]}", 1, 1, nil),
            ("containers: {outbound: deny, bridges: [br0, br1], same-bridge: false}", 1, 1, "br0, br1"),
            ("containers: {outbound: deny}", 1, 0, "br0, br1"),
        ] as [(String, Int, Int, String?)]
    )
    func guestsThatWouldBeCutAreNamed(_ body: String, ipv4: Int, ipv6: Int, bridges: String?) async throws {
        let said = try await said(body, ipv4: ipv4, ipv6: ipv6)
        #expect(said.map(\.severity) == (bridges == nil ? [] : [.warning]))
        let message = bridges.map { "what the guests of one bridge send each other would be dropped: \($0)" }
        #expect(said.first?.message == message)
    }

    @Test func withoutTheModuleNothingIsFiltered() async throws {
        #expect(try await said("inbound: [{allow: ssh}]", ipv4: nil).isEmpty)
    }

    @Test func whatIsNotReadIsSaid() async throws {
        var sample = try PreflightSample()
        try sample.write("/proc/sys/net/bridge/bridge-nf-call-iptables", "1\n")
        sample.answers["ip -j -d link show"] = .success("br0: <BROADCAST>")
        let host = sample.host(policy: try PlanCase.policy("inbound: [{allow: ssh}]"))
        #expect(await BridgeFilterCheck(reading: host).diagnostics.map(\.code) == ["preflight.unread"])
    }
}

/// The same on the real kernel, where it has `br_netfilter`.
@Suite(.needsRoot) struct PreflightBridgeKernelTests {
    @Test func theSettingOfThisKernelIsSeen() async throws {
        let namespace = try await NetworkNamespace.make()
        let commands = """
            link add br0 type bridge
            link add p1 type veth peer name p2
            link set p1 master br0
            link set p2 master br0

            """
        try await Tool(named: "ip").run(["-batch", "-"], text: commands, in: namespace)
        guard try HostFiles().exists("/proc/sys/net/bridge") else { return }
        for (setting, isSaid) in [("1", true), ("0", false)] {
            try await namespace.run {
                for family in ["iptables", "ip6tables"] {
                    try NetworkNamespace.set("net/bridge/bridge-nf-call-\(family)", to: setting)
                }
            }
            let request = PreflightRequest(
                backend: .nftables,
                stateFolder: "/usr",
                namespace: namespace,
                policy: try PlanCase.policy("inbound: [{allow: ssh}]")
            )
            let said = await BridgeFilterCheck(reading: PreflightHost(request)).diagnostics
            #expect(said.contains { $0.code == "preflight.bridge.filtered" } == isSaid)
        }
    }
}
