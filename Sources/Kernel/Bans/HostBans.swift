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

    /// What is otherwise in the kernel than these bans, in sentences; empty when it holds just them. How long each still
    /// holds is no part of it.
    package func differences(from bans: [Ban], on backend: BackendKind) async throws -> [String] {
        let live = try await listing(on: backend)
        if bans.isEmpty && live.isEmpty { return [] }
        let scratch = HostBans(in: try await NetworkNamespace.make())
        try await scratch.replace(with: bans, on: backend)
        return live.differences(from: try await scratch.listing(on: backend))
    }

    private func listing(on backend: BackendKind) async throws -> FirewallListing {
        switch backend.variant {
        case nil:
            return try await NetworkNamespace.run(in: namespace) {
                try NftablesListing.read(table: NftablesBans.name)
            }
        case let variant?:
            let tools = try IptablesTools(variant)
            var parts: [FirewallListing.Part] = []
            for family in IPFamily.allCases {
                parts += try await tools.state(family, in: namespace).banListing(family)
            }
            return FirewallListing(parts: parts)
        }
    }
}
