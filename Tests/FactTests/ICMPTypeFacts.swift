import Compiler
import PacketModel
import TestSupport
import Testing
import Trial

@testable import Kernel

/// To iptables the number 255 is every type of ICMP.
@Suite(.needsRoot) struct ICMPTypeFacts {
    @Test(arguments: IptablesVariant.allCases)
    func factARuleForTheLastTypeOfIPv4MatchesEach(_ variant: IptablesVariant) async throws {
        let scene = try await Scene()
        try await scene.addRules("-A INPUT -p icmp -m icmp --icmp-type 255 -j DROP", variant, .ipv4)
        #expect(try await scene.passes(scene.echoes(1, from: IPFamily.ipv4.foreign(5))) == 0)
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func oursAdmitsTheTypesThatAreNamedAndNoOther(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene()
        try await scene.apply(
            """
            # Connection tracking knows few types; the others are invalid to it.
            baseline:
              invalid: false
            inbound:
              - allow: [icmp, icmpv6]
                except:
                  services: [icmp/13, icmp/255/4, icmpv6/200, icmpv6/255/4]
            """,
            backend
        )
        let host = try scene.host(family)
        let kinds: [(UInt8, UInt8, Observation)] = [
            (13, 0, family == .ipv4 ? .silence : .passed), (200, 0, family == .ipv6 ? .silence : .passed),
            (254, 9, .passed), (255, 3, .passed), (255, 4, .silence), (255, 5, .passed),
        ]
        let probes = kinds.enumerated().map { number, kind in
            let rest = UInt32(number + 1) << 16 | 1
            let transport = WirePacket.Transport.icmp(type: kind.0, code: kind.1, rest: rest)
            let payload = [UInt8](repeating: 0, count: 12)
            return Probe.inbound(
                WirePacket(from: family.foreign(5), to: host, transport, payload: payload),
                on: "eth0"
            )
        }
        let observed = try await scene.observe(probes)
        #expect(observed == kinds.map(\.2))
    }
}
