import Compiler
import TestSupport
import Testing

@testable import Deployment
@testable import Kernel

/// A copy of a host can be made, whatever the tools show in a way that they do not read.
@Suite(.needsRoot) struct HostCopyKernelTests {
    @Test(arguments: NeighbourBackend.allCases)
    func ofEverybodyAndUs(_ ours: NeighbourBackend) async throws {
        let host = try await Neighbours.besideAPerson(.nft)
        try await ours.commit(Neighbours.policy, in: host.namespace)
        let copy = try await HostCopy.make(of: host.namespace, for: .ofSSH)
        let nft = try Tool(named: "nft")
        let live = try await nft.run(["--stateless", "list", "ruleset"], text: "", in: host.namespace)
        let copied = try await nft.run(["--stateless", "list", "ruleset"], text: "", in: copy.namespace)
        // Tables and chains come in another order, and so do the elements of a nameless set.
        func rules(_ listing: String) -> [Substring] {
            listing.split(separator: "\n").filter { $0.hasPrefix("\t\t") && !$0.contains("{") }
                .filter { !$0.hasSuffix("policy accept;") }.sorted()
        }
        let lost = rules(live).difference(from: rules(copied))
        #expect(lost.isEmpty, "\(lost.count) rules")
    }
}
