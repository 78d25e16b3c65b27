package import Compiler
import Diagnostics
import PacketModel
import Synchronization
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
            if bans.isEmpty { return try await removeTable() }
            let program = try Self.compiled { () throws(Diagnostic) in try BanPrograms.nftables(bans) }
            let nft = try Tool(named: "nft")
            try await nft.run(["-f", "-"], text: program.text, in: namespace, holding: lock)
        case let variant?:
            var tools = try IptablesTools(variant)
            tools.lock = lock
            for family in IPFamily.allCases {
                let state = try await tools.state(family, in: namespace)
                let text = try Self.compiled { () throws(Diagnostic) in
                    try IptablesBans.text(bans, family, over: state)
                }
                if !text.isEmpty { try await tools.add(text, family, in: namespace) }
            }
        }
    }

    private static func compiled<Program>(
        _ compile: () throws(Diagnostic) -> Program
    ) throws(ToolError) -> Program {
        do {
            return try compile()
        } catch {
            throw .notRun(program: "wallwright", reason: error.message)
        }
    }

    /// Without a tool, which a kernel that has no nf_tables would refuse.
    private func removeTable() async throws(ToolError) {
        do {
            try await NetworkNamespace.run(in: namespace) { try NftablesTable.delete(BanPrograms.table) }
        } catch {
            throw .notRun(program: "netlink", reason: "\(error)")
        }
    }

    /// What is otherwise in the kernel than these bans, in sentences; empty when it holds just them. How long each still
    /// holds is no part of it.
    package func differences(from bans: [Ban], on backend: BackendKind) async throws -> [String] {
        let live = try await listing(on: backend)
        if bans.isEmpty && live.isEmpty { return [] }
        guard let namespace = try await NetworkNamespace.makeIfPossible() else {
            return live.differences(from: try await Self.copiedListing(of: bans, on: backend))
        }
        let scratch = HostBans(in: namespace)
        try await scratch.replace(with: bans, on: backend)
        return live.differences(from: try await scratch.listing(on: backend))
    }

    /// The bans of which this process last made a copy, and how the kernel lists them. Whoever asks again and again must
    /// not make one each time: a copy is a change that it would hear of.
    private struct Copied {
        var bans: [Ban]
        var backend: BackendKind
        var listing: FirewallListing
    }

    private static let lastCopied = Mutex<Copied?>(nil)

    private static func copiedListing(of bans: [Ban], on backend: BackendKind) async throws -> FirewallListing
    {
        // How long a ban still holds is in no listing.
        let bans = bans.map { Ban($0.prefix, secondsLeft: $0.secondsLeft.map { _ in 86_400 }) }
        if let known = lastCopied.withLock({ $0 }), known.bans == bans, known.backend == backend {
            return known.listing
        }
        let listing = try await copy(bans, on: backend)
        lastCopied.withLock { $0 = Copied(bans: bans, backend: backend, listing: listing) }
        return listing
    }

    /// What this kernel lists that holds the bans, found out by a copy that no packet meets.
    private static func copy(_ bans: [Ban], on backend: BackendKind) async throws -> FirewallListing {
        guard let variant = backend.variant else {
            let program = try BanPrograms.nftables(bans)
            return try await NftablesCopy(of: BanPrograms.table).listing(of: program.text)
        }
        let copy = IptablesCopy(tools: try IptablesTools(variant))
        var parts: [FirewallListing.Part] = []
        for family in IPFamily.allCases {
            let program = try BanPrograms.iptables(bans, family)
            parts += try await copy.state(of: program.text, jumps: program.jumps, family).banListing(family)
        }
        return FirewallListing(parts: parts)
    }

    private func listing(on backend: BackendKind) async throws -> FirewallListing {
        switch backend.variant {
        case nil:
            return try await NetworkNamespace.run(in: namespace) {
                try NftablesListing.read(table: BanPrograms.table)
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
