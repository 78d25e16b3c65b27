import PacketModel
package import SystemPackage

/// The bans that hold in one network namespace.
package struct HostBans: Sendable {
    private let namespace: NetworkNamespace?
    private let lock: FileDescriptor?

    /// The caller's namespace when none is given. The tools that change the kernel hold the lock, if there is one, as
    /// long as they run.
    package init(in namespace: NetworkNamespace? = nil, holding lock: FileDescriptor? = nil) {
        self.namespace = namespace
        self.lock = lock
    }

    /// Puts these bans in the place of all that there are, by way of the backend that the firewall has.
    package func replace(with bans: [Ban], on backend: BackendKind) async throws(ToolError) {
        switch backend.variant {
        case nil:
            let program = try Tool(named: "nft")
            try await program.run(["-f", "-"], text: NftablesBans.text(bans), in: namespace, holding: lock)
        case let variant?:
            var tools = try IptablesTools(variant)
            tools.lock = lock
            for family in IPFamily.allCases {
                let state = try await tools.state(family, in: namespace)
                let text = IptablesBans.text(bans, family, over: state)
                if !text.isEmpty { try await tools.add(text, family, in: namespace) }
            }
        }
    }

    /// Whether the kernel holds bans by way of this backend.
    package func areThere(on backend: BackendKind) async throws -> Bool {
        switch backend.variant {
        case nil:
            return try await NetworkNamespace.run(in: namespace) {
                try OwnChains.hasTable(NftablesBans.table)
            }
        case let variant?:
            let tools = try IptablesTools(variant)
            for family in IPFamily.allCases {
                let state = try await tools.state(family, in: namespace)
                if state.hasJump(from: "INPUT", to: IptablesBans.chain) { return true }
            }
            return false
        }
    }
}
