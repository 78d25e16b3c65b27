import Compiler
import PacketModel
import TestSupport
import Testing

@testable import Kernel

@Suite(.needsRoot) struct NeighboursKernelTests {
    @Test(arguments: IptablesVariant.allCases)
    func everybodyIsThereAndTwoLooksAreTheSame(_ variant: IptablesVariant) async throws {
        let neighbours = try await Neighbours.load(into: .make(), variant)
        let snapshot = try await neighbours.snapshot()
        for word in [
            ":DOCKER-USER", "-j DNAT", "MASQUERADE",
            variant == .nft ? ":FORWARD DROP [5:300]" : ":FORWARD DROP\n", "LIBVIRT_FWX", "-A f2b-sshd",
            "table inet f2b-table", "add f2b-nginx6 2001:db8::77", "chain filter_IN_public_allow",
            "[1204:96320]",
            "counter packets 41 bytes 2460 accept # handle", "CHECKSUM",
        ] {
            #expect(snapshot.contains(word), "\(word)")
        }
        #expect(try await neighbours.snapshot() == snapshot)
    }

    @Test(
        arguments: IptablesVariant.allCases,
        [
            ("iptables-*", "-A DOCKER-USER -j DROP"), ("ip6tables-*", "-D LIBVIRT_FWO 2"),
            ("iptables-*", "-t nat -Z POSTROUTING"), ("iptables-*", "-P FORWARD ACCEPT"),
            ("iptables-*", "-N WALLWRIGHTS"), ("ipset", "add f2b-nginx 192.0.2.99"),
            ("ipset", "create else hash:ip"),
            ("nft", "add element inet f2b-table addr-set-recidive { 192.0.2.1 }"),
            ("nft", "insert rule inet firewalld filter_INPUT accept"),
            ("nft", "add table inet wallwright_other"),
            ("nft", "flush chain inet firewalld filter_IN_public_allow"),
        ]
    )
    func aChangeIsSeen(_ variant: IptablesVariant, change: (program: String, words: String)) async throws {
        let neighbours = try await Neighbours.load(into: .make(), variant)
        let before = try await neighbours.snapshot()
        let program = change.program.replacing("*", with: variant.rawValue)
        try await Tool(named: program).run(
            change.words.split(separator: " ").map(String.init),
            in: neighbours.namespace
        )
        let difference = Neighbours.difference(before, try await neighbours.snapshot())
        #expect(!difference.isEmpty)
    }

    /// So no snapshot has them, and nobody can keep them over a change.
    @Test func factTheOldToolsForgetWhatPoliciesCounted() async throws {
        let neighbours = try await Neighbours.load(into: .make(), .legacy)
        try await neighbours.restore("*filter\n:FORWARD DROP [5:300]\nCOMMIT\n", .ipv4)
        let save = try Tool(named: "iptables-legacy-save")
        let before = try await save.run(["-c"], text: "", in: neighbours.namespace)
        #expect(before.contains(":FORWARD DROP [5:300]"))
        try await Tool(named: "iptables-legacy").run(["-A", "DOCKER-USER"], in: neighbours.namespace)
        let after = try await save.run(["-c"], text: "", in: neighbours.namespace)
        #expect(after.contains(":FORWARD DROP [0:0]"))
        #expect(after.contains("[1204:96320] -A FORWARD -j DOCKER-USER"))
    }

    /// Two commits, for the second takes the first one's leftovers away.
    @Test(arguments: IptablesVariant.allCases, NeighbourBackend.allCases)
    func aCommitLeavesThemAlone(_ variant: IptablesVariant, _ backend: NeighbourBackend) async throws {
        let neighbours = try await Neighbours.load(into: .make(), variant)
        let before = try await neighbours.snapshot()
        for lines in [Neighbours.policy, "inbound:\n  - allow: ssh\n"] {
            try await backend.commit(lines, in: neighbours.namespace)
            let after = try await neighbours.snapshot()
            #expect(Neighbours.difference(before, after) == [])
        }
    }
}
