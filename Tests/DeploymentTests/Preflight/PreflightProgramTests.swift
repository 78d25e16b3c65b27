import Diagnostics
import Kernel
import Testing

@testable import Deployment

@Suite struct PreflightProgramTests {
    /// As iproute2 6.1 prints it.
    private static let links = """
        [{"ifindex":1,"ifname":"lo","flags":["LOOPBACK"],"mtu":65536},{"ifindex":3,"link":"v1","ifname":"v0",\
        "flags":["BROADCAST"],"mtu":1500,"xdp":{"mode":2,"prog":{"id":101,"name":"prog","tag":"d4f8542f2b42fac5",\
        "jited":1},"attached":[{"mode":2,"prog":{"id":101,"name":"prog","tag":"d4f8542f2b42fac5","jited":1}}]}},\
        {"ifindex":4,"ifname":"v2","xdp":{"mode":4,"attached":[]}}]
        """
    private static let disciplines = """
        [{"kind":"noqueue","handle":"0:","dev":"lo","root":true,"refcnt":2,"options":{}},{"kind":"ingress",\
        "handle":"ffff:","dev":"v1","parent":"ffff:fff1","options":{}},{"kind":"clsact","handle":"ffff:","dev":"v0",\
        "parent":"ffff:fff1","options":{}}]
        """
    private static let filters = """
        []
        [{"protocol":"all","pref":49152,"kind":"bpf","chain":0},{"protocol":"all","pref":49152,"kind":"bpf",\
        "chain":0,"options":{"handle":"0x1","bpf_name":"cil_from_netdev","direct-action":true,"not_in_hw":true}}]
        [{"protocol":"ip","pref":49152,"kind":"u32","chain":0},{"protocol":"ip","pref":49152,"kind":"u32","chain":0,\
        "options":{"fh":"800:","ht_divisor":1}}]

        """

    @Test func programsAreNamedWithTheirPlace() async throws {
        var sample = try PreflightSample()
        sample.answers = [
            "ip -j link show": .success(Self.links), "tc -j qdisc show": .success(Self.disciplines),
            "tc -j -batch -": .success(Self.filters),
        ]
        let check = await InterfaceProgramsCheck(reading: sample.host())
        #expect(
            check.programs == [
                "v0: XDP program prog", "v2: XDP program", "v0 ingress: bpf cil_from_netdev",
                "v0 egress: u32",
            ]
        )
        #expect(check.diagnostics.map(\.severity) == [.warning])
    }

    @Test func aHookWithoutFiltersIsNothing() async throws {
        var sample = try PreflightSample()
        sample.answers["tc -j qdisc show"] = .success(Self.disciplines)
        sample.answers["tc -j -batch -"] = .success("[]\n\n[]\n[]\n")
        #expect(await InterfaceProgramsCheck(reading: sample.host()).diagnostics.isEmpty)
    }

    @Test func filtersThatAreNoJSONAreFiltersAllTheSame() async throws {
        var sample = try PreflightSample()
        sample.answers["tc -j qdisc show"] = .success(#"[{"kind":"ingress","dev":"v1"}]"#)
        sample.answers["tc -j -batch -"] = .success("[{\"kind\":\"u32\", action order 1 police}]\n")
        let check = await InterfaceProgramsCheck(reading: sample.host())
        #expect(check.programs == ["v1 ingress: filters"])
    }

    @Test func whatCouldNotBeLookedForIsSaid() async throws {
        var sample = try PreflightSample()
        sample.missing = ["tc"]
        let said = await InterfaceProgramsCheck(reading: sample.host()).diagnostics
        #expect(said.map(\.code) == ["preflight.unread"])
        #expect(said.map(\.severity) == [.note])
        #expect(said.map(\.fix) == ["run `apt install iproute2`"])
        sample.missing = []
        sample.answers["ip -j link show"] = .success("lo: <LOOPBACK>")
        let odd = await InterfaceProgramsCheck(reading: sample.host()).diagnostics
        #expect(odd.flatMap(\.notes) == ["ip could not be run: its JSON is not as expected"])
    }
}
