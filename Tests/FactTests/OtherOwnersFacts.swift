import Compiler
import PacketModel
import TestSupport
import Testing
import Trial

@testable import Kernel

/// What other owners refuse stays refused.
@Suite(.needsRoot) struct OtherOwnersFacts {
    /// As fail2ban does it.
    private static func jail(_ banned: IPAddress) -> String {
        """
        :f2b-sshd - [0:0]
        -A f2b-sshd -s \(banned) -j REJECT
        -A f2b-sshd -j RETURN
        -A INPUT -p tcp --dport 22 -j f2b-sshd
        """
    }

    @Test(arguments: IptablesVariant.allCases, IPFamily.allCases)
    func factAnAcceptBeforeThemOverridesThem(_ variant: IptablesVariant, _ family: IPFamily) async throws {
        for (target, observation) in [("ACCEPT", Observation.passed), ("RETURN", .refused(.icmp))] {
            let scene = try await Scene()
            let own =
                ":OWN - [0:0]\n-A OWN -p tcp --dport 22 -j \(target)\n-A OWN -p tcp -j DROP\n-I INPUT 1 -j OWN"
            try await scene.addRules("\(Self.jail(family.foreign(6)))\n\(own)", variant, family)
            let probe = try scene.inbound(.tcp(port: 22), from: family.foreign(6))
            #expect(try await scene.observe(probe) == observation)
        }
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func besideOursTheirRejectHolds(_ backend: BackendKind, _ family: IPFamily) async throws {
        for variant in IptablesVariant.allCases {
            // One kind of tool beside the other is a host with rules of both; it must hold there too.
            let scene = try await Scene()
            try await scene.addRules(Self.jail(family.foreign(6)), variant, family)
            try await scene.apply("inbound:\n  - allow: ssh\n", backend)
            let probes = try [6, 5].map { try scene.inbound(.tcp(port: 22), from: family.foreign($0)) }
            #expect(try await scene.observe(probes) == [.refused(.icmp), .passed])
        }
    }

    @Test(arguments: BackendKind.allCases, [-10, 10])
    func besideOursAnotherTablesDropHolds(_ backend: BackendKind, priority: Int) async throws {
        let scene = try await Scene()
        try await scene.apply("inbound:\n  - allow: ssh\n", backend)
        try await scene.load(
            """
            chain input {
                type filter hook input priority \(priority)
                ip saddr 192.0.2.6 drop
                ip6 saddr 2001:db8::6 drop
            }
            """
        )
        for family in IPFamily.allCases {
            let probes = try [6, 5].map { try scene.inbound(.tcp(port: 22), from: family.foreign($0)) }
            #expect(try await scene.observe(probes) == [.silence, .passed])
        }
    }
}
