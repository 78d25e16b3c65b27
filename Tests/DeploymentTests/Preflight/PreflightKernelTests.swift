import Compiler
import Diagnostics
import Foundation
import Kernel
import SystemPackage
import TestSupport
import Testing

@testable import Deployment

/// The checks on the real kernel, in a namespace of their own. The files of this machine's `/etc` are not looked at.
@Suite(.needsRoot) struct PreflightKernelTests {
    private static func host(
        _ namespace: NetworkNamespace,
        _ backend: PreflightRequest.Backend = .nftables
    ) -> PreflightHost {
        PreflightHost(PreflightRequest(backend: backend, stateFolder: "/usr", namespace: namespace))
    }

    private static func run(_ program: String, _ words: String, in namespace: NetworkNamespace) async throws {
        try await Tool(named: program).run(words.split(separator: " ").map(String.init), in: namespace)
    }

    @Test(arguments: PreflightRequest.Backend.all)
    func thisMachineCanDoEverything(_ backend: PreflightRequest.Backend) async throws {
        let host = Self.host(try await .make(), backend)
        #expect(await CapabilityCheck(reading: host).diagnostics.isEmpty)
        #expect(await ToolsCheck(reading: host).diagnostics.isEmpty)
        #expect(await KernelSupportCheck(reading: host).refusal == nil)
        #expect(await IPv6Check(reading: host).diagnostics.isEmpty)
        #expect(await InterfaceProgramsCheck(reading: host).diagnostics.isEmpty)
        #expect(await UntrackedTrafficCheck(reading: host).diagnostics.isEmpty)
        #expect(await MixedIptablesCheck(reading: host).diagnostics.isEmpty)
    }

    /// A look makes no tables, not even empty ones: iptables-nft warns for ever of an old one.
    @Test(arguments: PreflightRequest.Backend.all)
    func nothingIsThereThatWasNotThereBefore(_ backend: PreflightRequest.Backend) async throws {
        let namespace = try await NetworkNamespace.make()
        _ = await Preflight.diagnostics(of: Self.host(namespace, backend))
        let nft = try Tool(named: "nft")
        #expect(try await nft.run(["list", "ruleset"], text: "", in: namespace) == "")
        for names in ["ip_tables_names", "ip6_tables_names"] {
            let files = HostTree(namespace: namespace)
            #expect(await files.text(of: "/proc/thread-self/net/\(names)") == "")
        }
    }

    @Test(arguments: PreflightRequest.Backend.all)
    func allOfItIsFast(_ backend: PreflightRequest.Backend) async throws {
        let namespace = try await NetworkNamespace.make()
        let request = PreflightRequest(
            backend: backend,
            stateFolder: "/var/lib/wallwright",
            namespace: namespace
        )
        // The machine may be busy with something else; a quiet moment shows what it takes.
        var fastest = Duration.seconds(60)
        for _ in 0..<20 where fastest >= .milliseconds(150) {
            let start = ContinuousClock.now
            _ = await Preflight.diagnostics(for: request)
            fastest = min(fastest, start.duration(to: .now))
        }
        #expect(fastest < .milliseconds(150))
    }

    @Test func settingsAreThoseOfTheNamespace() async throws {
        let namespace = try await NetworkNamespace.make()
        #expect(await ConntrackPickupCheck(reading: Self.host(namespace)).loose == 1)
        try await namespace.run {
            try NetworkNamespace.set("net/netfilter/nf_conntrack_tcp_loose", to: "0")
            try NetworkNamespace.set("net/ipv6/conf/all/disable_ipv6", to: "1")
        }
        #expect(await ConntrackPickupCheck(reading: Self.host(namespace)).loose == 0)
        #expect(await IPv6Check(reading: Self.host(namespace)).isSwitchedOff)
        #expect(await !IPv6Check(reading: Self.host(namespace)).isMissing)
        #expect(await ConntrackTableCheck(reading: Self.host(namespace)).maximum > 0)
    }

    @Test func rulesOfBothKindsAreFound() async throws {
        let namespace = try await NetworkNamespace.make()
        try await Self.run("ip6tables-legacy", "-P FORWARD DROP", in: namespace)
        #expect(await MixedIptablesCheck(reading: Self.host(namespace)).diagnostics.isEmpty)
        #expect(await !MixedIptablesCheck(reading: Self.host(namespace, .iptables(.nft))).diagnostics.isEmpty)
        try await Self.run("iptables-nft", "-A INPUT -p tcp -j ACCEPT", in: namespace)
        let check = await MixedIptablesCheck(reading: Self.host(namespace))
        #expect(check.diagnostics.map(\.code) == ["preflight.iptables.mixed"])
        #expect(check.others[.legacy]?.closedChains == ["filter FORWARD"])
        #expect(check.others[.nft]?.rules.map(\.text) == ["-A INPUT -p tcp -j ACCEPT"])
    }

    @Test func untrackedTrafficIsFoundInEveryTable() async throws {
        let namespace = try await NetworkNamespace.make()
        for program in ["iptables-nft", "ip6tables-nft", "iptables-legacy"] {
            try await Self.run(program, "-t raw -A PREROUTING -p udp -j CT --notrack", in: namespace)
        }
        let table = """
            table inet dns {
                chain out {
                    type filter hook output priority raw
                    udp sport 53 notrack comment "answers"
                }
            }

            """
        try await Tool(named: "nft").run(["-f", "-"], text: table, in: namespace)
        let check = await UntrackedTrafficCheck(reading: Self.host(namespace))
        let places = check.rules.map { $0.prefix { $0 != ":" } }.sorted()
        #expect(
            places == [
                "inet dns out", "ip raw PREROUTING", "ip6 raw PREROUTING",
                "iptables-legacy -t raw -A PREROUTING -p udp -j CT --notrack",
            ]
        )
    }

    @Test func programsOnInterfacesAreFound() async throws {
        let namespace = try await NetworkNamespace.make()
        try await Self.run("ip", "link add v0 type veth peer name v1", in: namespace)
        try await Self.run("tc", "qdisc add dev v1 clsact", in: namespace)
        #expect(await InterfaceProgramsCheck(reading: Self.host(namespace)).diagnostics.isEmpty)
        try await Self.run(
            "tc",
            "filter add dev v1 egress protocol ip u32 match ip dst 192.0.2.1/32 classid 1:1",
            in: namespace
        )
        try await Self.attachProgram(to: "v0", in: namespace)
        let check = await InterfaceProgramsCheck(reading: Self.host(namespace))
        #expect(check.programs == ["v0: XDP program prog", "v1 egress: u32"])
        #expect(check.unseen == [])
    }

    /// In mounts of its own, for `ip` mounts the kernel's file system of programs.
    private static func attachProgram(to link: String, in namespace: NetworkNamespace) async throws {
        let file = NSTemporaryDirectory() + "wallwright-\(UUID().uuidString).o"
        try #require(Data(base64Encoded: program)).write(to: URL(fileURLWithPath: file))
        defer { do { try FileManager.default.removeItem(atPath: file) } catch {} }
        let words = "--mount ip link set dev \(link) xdpgeneric obj \(file) sec xdp"
        try await run("unshare", words, in: namespace)
    }

    /// `int prog(void *context) { return XDP_PASS; }` in the section `xdp`, as clang compiles it for BPF.
    private static let program = """
        f0VMRgIBAQAAAAAAAAAAAAEA9wABAAAAAAAAAAAAAAAAAAAAAAAAAOAAAAAAAAAAAAAAAEAAAAAAAEAABwABALQAAAACAAAAlQAA
        AAAAAABHUEwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAsAAAASAAMAAAAAAAAAAAAQAAAAAAAAACYAAAARAAQAAAAAAAAA
        AAAEAAAAAAAAAAIDAC50ZXh0AHhkcABwcm9nAC5sbHZtX2FkZHJzaWcAbGljZW5zZQBsaWMALnN0cnRhYgAuc3ltdGFiAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAKgAAAAMAAAAAAAAA
        AAAAAAAAAAAAAAAAogAAAAAAAAA6AAAAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAEAAAABAAAABgAAAAAAAAAAAAAAAAAA
        AEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAHAAAAAQAAAAYAAAAAAAAAAAAAAAAAAABAAAAAAAAAABAA
        AAAAAAAAAAAAAAAAAAAIAAAAAAAAAAAAAAAAAAAAHgAAAAEAAAADAAAAAAAAAAAAAAAAAAAAUAAAAAAAAAAEAAAAAAAAAAAAAAAA
        AAAAAQAAAAAAAAAAAAAAAAAAABAAAAADTP9vAAAAgAAAAAAAAAAAAAAAAKAAAAAAAAAAAgAAAAAAAAAAAAAAAAAAAAEAAAAAAAAA
        AAAAAAAAAAAyAAAAAgAAAAAAAAAAAAAAAAAAAAAAAABYAAAAAAAAAEgAAAAAAAAAAQAAAAEAAAAIAAAAAAAAABgAAAAAAAAA
        """.filter { !$0.isWhitespace }
}
