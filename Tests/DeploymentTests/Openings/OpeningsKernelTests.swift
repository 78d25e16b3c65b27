import Glibc
import Netlink
import PacketModel
import SystemPackage
import TestSupport
import Testing

@testable import Deployment
@testable import Kernel

/// What is said of rules that stand in a kernel.
@Suite(.needsRoot) struct OpeningsKernelTests {
    /// The kernel says how much is in a set; what it holds is not asked for.
    @Test func setsAreCountedByTheKernel() async throws {
        let host = try await NetworkNamespace.make()
        let nft = try Tool(named: "nft")
        try await nft.run(["-f", "-"], text: OwnerRules.text("fail2ban.nft"), in: host)
        let elements = (1...300).map { "192.0.2.\($0 % 250), 198.51.\($0 % 200).\($0 / 200 + 1)" }
        let more = "add element inet f2b-table addr-set-sshd { \(elements.joined(separator: ", ")) }\n"
        try await nft.run(["-f", "-"], text: more, in: host)
        let listed = try await nft.run(
            ["list", "set", "inet", "f2b-table", "addr-set-sshd"],
            text: "",
            in: host
        )
        let start = try #require(listed.firstRange(of: NftElements.opening))
        let count = NftElements.split(listed[start.lowerBound...]).count
        let counts = try await NftablesSetCounts.read(in: host)
        // A kernel that does not count says so of no set.
        guard !counts.isEmpty else { return }
        #expect(counts["inet f2b-table addr-set-sshd"] == count)
        let request = PreflightRequest(backend: .nftables, stateFolder: "/usr", namespace: host)
        let openings = Openings(await VisibleRules(reading: PreflightHost(request)), comparing: nil)
        #expect(openings.all.map(\.text) == ["\(count + 1) addresses or networks"])
    }

    /// A program that speaks VRRP by a raw socket is seen.
    @Test func rawSocketsAreRead() async throws {
        let host = try await NetworkNamespace.make()
        let read = try await host.run {
            let socket = try Socket(AF_INET, SOCK_RAW, protocol: 112)
            defer { withExtendedLifetime(socket) {} }
            return try RawListener.read()
        }
        #expect(read.map(\.transportProtocol.number) == [112])
    }
}
