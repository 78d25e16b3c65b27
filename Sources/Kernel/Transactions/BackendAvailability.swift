package import Compiler
import PacketModel

/// Which ways to the kernel this machine has, tried out in a namespace of its own. Needs root.
package struct BackendAvailability: Sendable {
    /// Why nft cannot be used; nil when it can.
    package let nftables: ToolError?
    /// Why a variant of iptables cannot be used; a variant that can is not in here.
    package let iptables: [IptablesVariant: ToolError]
    package let ipset: ToolError?

    package func isUsable(_ variant: IptablesVariant) -> Bool { iptables[variant] == nil }

    package static func detect() async throws -> BackendAvailability {
        let scratch = try await NetworkNamespace.make()
        let nftables = await reason { () async throws(ToolError) in
            let table = "table inet wallwright { chain c { type filter hook input priority 0;\n}\n}\n"
            try await Tool(named: "nft").run(["--check", "-f", "-"], text: table, in: scratch)
        }
        var iptables: [IptablesVariant: ToolError] = [:]
        for variant in IptablesVariant.allCases {
            iptables[variant] = await reason { () async throws(ToolError) in
                let tools = try IptablesTools(variant)
                try await tools.add("*filter\nCOMMIT\n", .ipv4, in: scratch)
                try await tools.add("*filter\nCOMMIT\n", .ipv6, in: scratch)
            }
        }
        let ipset = await reason { () async throws(ToolError) in
            try await Tool(named: "ipset").run(["create", "wallwright", "hash:net"], in: scratch)
        }
        return BackendAvailability(nftables: nftables, iptables: iptables, ipset: ipset)
    }

    private static func reason(_ attempt: () async throws(ToolError) -> Void) async -> ToolError? {
        do {
            try await attempt()
            return nil
        } catch {
            return error
        }
    }
}
