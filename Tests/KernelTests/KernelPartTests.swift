import Compiler
import Diagnostics
import Foundation
import Policy
import TestSupport
import Testing

@testable import Kernel

/// What a firewall needs of the kernel, by modules.
@Suite struct KernelPartTests {
    static let policies = [
        """
        inbound:
          - allow: [ssh, http]
            limit: 50/minute per source
          - allow: ping
          - deny: telnet
            reject: true
        outbound:
          - allow: any
        log:
          dropped: 5/minute
        """,
        """
        inbound:
          - allow: ssh
            in: [eth0, "wg*"]
        forward:
          - allow: any
            in: lan0
            out: eth0
        nat:
          - masquerade: true
            out: eth0
          - redirect: tcp/80
            to-port: 8080
            in: lan0
          - port-forward: tcp/8443
            to: "192.168.1.9"
            in: eth0
        """,
    ]

    private static func firewall(_ lines: String, _ backend: BackendKind) throws -> Firewall {
        let folder = FileManager.default.temporaryDirectory.appending(path: "wallwright-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        defer { do { try FileManager.default.removeItem(at: folder) } catch {} }
        let file = folder.appending(path: "policy.yaml")
        try Data("wallwright: 1\n\(lines)\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        let read = PolicyReader.read(path: file.path)
        return try Firewall(try #require(read.policy, "\(read.diagnostics)"), backend, usesIpset: true)
    }

    /// Every probe is one that a whole kernel takes; else it would name what is not missing.
    @Test(.needsRoot, arguments: BackendKind.allCases, policies)
    func nothingIsMissingHere(_ backend: BackendKind, _ lines: String) async throws {
        let firewall = try Self.firewall(lines, backend)
        #expect(!firewall.kernelParts.isEmpty)
        #expect(await firewall.missingModules == [])
    }

    @Test(
        arguments: [
            (.nftables, 0, ["nft_ct", "nft_limit", "nft_log", "nft_reject_inet"]),
            (.nftables, 1, ["nft_ct", "nft_chain_nat", "nft_masq", "nft_redir", "nft_nat"]),
            (
                .iptablesNft, 0,
                ["xt_conntrack", "xt_hashlimit", "xt_limit", "xt_LOG", "ipt_REJECT", "ip6t_REJECT"]
            ),
            (.iptablesLegacy, 1, ["xt_conntrack", "xt_MASQUERADE", "xt_REDIRECT", "xt_nat"]),
        ] as [(BackendKind, Int, [String])]
    )
    func theModulesAreThoseThatTheRulesNeed(_ backend: BackendKind, number: Int, modules: [String]) throws {
        let found = Set(try Self.firewall(Self.policies[number], backend).kernelParts.map(\.module))
        #expect(found.isSuperset(of: modules), "\(found)")
    }

    /// No kernel has these.
    @Test(.needsRoot) func whatIsNotThereIsNamed() async throws {
        let part = KernelPart(
            module: "nft_nothing",
            program: "nft",
            arguments: ["--check", "-f", "-"],
            text: "table inet wallwright { chain c { type nothing hook input priority 0; } }\n"
        )
        #expect(await part.isMissing)
        let chain = IptablesProgram.Family(
            text:
                "*filter\n:WALLWRIGHT-A - [0:0]\n-A WALLWRIGHT-A -p tcp -m nothing --at-all -j RETURN\nCOMMIT\n",
            jumps: []
        )
        let nothing = IptablesProgram.Family(text: "", jumps: [])
        let sets = "create ww-1 hash:nothing,port family inet\n"
        for variant in IptablesVariant.allCases {
            let firewall = Firewall(
                iptables: [variant: IptablesProgram(ipv4: chain, ipv6: nothing, ipset: sets)]
            )
            #expect(await firewall.missingModules == ["ip_set_hash_nothingport", "xt_nothing"])
        }
    }
}
