import Diagnostics
import Nftables
import PacketModel
import Testing

@testable import Compiler
@testable import Policy

/// nft 1.0.2 and older refuse a set of interface names in which one ends in `*`. What such a policy means is held against
/// packets by ``NftablesMeaningTests``.
@Suite struct WildcardInterfaceTests {
    private static func hasMixedSet(_ text: String) -> Bool {
        text.contains(/\{[^{}\n]*\*"[^{}\n]*\}/)
    }

    @Test func aMixedSetIsToldFromOthers() {
        #expect(Self.hasMixedSet(#"iifname { "br-*", "docker0" } accept"#))
        #expect(!Self.hasMixedSet(#"iifname "br-*" tcp dport { 80, 443 } accept"#))
    }

    @Test(arguments: ExamplePolicyTests.names) func noExampleNeedsAMixedSet(_ name: String) throws {
        let policy = try #require(try ExamplePolicyTests.read(name).policy)
        #expect(!Self.hasMixedSet(try NftablesPrinter.print(try NftablesLowering.lower(policy))))
    }

    @Test(arguments: UInt64(1)...150) func noPolicyNeedsAMixedSet(seed: UInt64) throws {
        var random = RandomPolicy(seed: seed)
        let policy = random.policy(lines: 8)
        #expect(!Self.hasMixedSet(try NftablesPrinter.print(try NftablesLowering.lower(policy))))
    }

    @Test func plainNamesStayOneLookUpAndNoNameIsAskedForTwice() throws {
        let text = """
            wallwright: 1
            inbound:
              - allow: ssh
              - allow: http
                in: [eth2, "wg*", eth1, wg0, "wg-home*"]
              - deny: https
                in: [eth1, eth2]

            """
        let folder = try TemporaryFolder()
        try folder.write("policy.yaml", text)
        let read = PolicyReader.read(path: folder.path + "/policy.yaml")
        let policy = try #require(read.policy, "\(read.diagnostics)")
        let printed = try NftablesPrinter.print(try NftablesLowering.lower(policy))
        let asked = printed.matches(of: /iifname ("wg[^ ]+"|\{[^}]+\}) tcp/).map { String($0.1) }
        #expect(Set(asked) == [#"{ "eth1", "eth2" }"#, #""wg*""#])
    }
}
