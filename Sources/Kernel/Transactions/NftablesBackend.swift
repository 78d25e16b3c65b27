import Policy
package import SystemPackage

/// Commits through `nft -f -`: one transaction of the kernel, all or nothing (nft(8)). Reads back through netlink, for
/// the tool's listings leave things out.
package struct NftablesBackend: FirewallBackend {
    private let lock: FileDescriptor?

    /// The tool holds the lock, if one is given, as long as it runs.
    package init(holding lock: FileDescriptor? = nil) {
        self.lock = lock
    }

    package func check(_ program: NftablesProgram, in namespace: NetworkNamespace?) async throws(CommitError)
    {
        try await load(program, options: ["--check"], in: namespace)
    }

    package func commit(_ program: NftablesProgram, in namespace: NetworkNamespace?) async throws(CommitError)
    {
        try await load(program, options: [], in: namespace)
    }

    package func remove(in namespace: NetworkNamespace?) async throws(CommitError) {
        try await load(NftablesProgram(text: NftablesProgram.removal), options: [], in: namespace)
    }

    /// The tool's listing, which is held against the kernel before it is believed.
    package func installed(in namespace: NetworkNamespace?) async throws -> NftablesProgram {
        let table = NftablesProgram.table
        let listed = try await Tool(named: "nft")
            .run(
                ["--stateless", "list", "table"] + table.split(separator: " ").map(String.init),
                text: "",
                in: namespace
            )
        let program = NftablesProgram(text: NftablesProgram.removal + listed)
        let expected = try await Self.expectedListing(of: program)
        let differences = expected.differences(from: try await listing(in: namespace))
        if let first = differences.first { throw UnfaithfulListing(difference: first) }
        return program
    }

    /// What a kernel lists that holds the program: it is loaded into a namespace made for this, or where none can be made
    /// into this one under another name, asleep (nft(8), `dormant`): no packet comes there.
    static func expectedListing(of program: NftablesProgram) async throws -> FirewallListing {
        let backend = NftablesBackend()
        if let scratch = try await NetworkNamespace.makeIfPossible() {
            try await backend.commit(program, in: scratch)
            return try await backend.listing(in: scratch)
        }
        let copy = NftablesCopy(of: NftablesLowering.tableName)
        return try await copy.listing(of: program.text)
    }

    package func listing(in namespace: NetworkNamespace?) async throws -> FirewallListing {
        try await NetworkNamespace.run(in: namespace) { try NftablesListing.read() }
    }

    package func counters(in namespace: NetworkNamespace?) async throws -> FirewallCounters {
        try await NetworkNamespace.run(in: namespace) { try NftablesCounting.read() }
    }

    private func load(
        _ program: NftablesProgram,
        options: [String],
        in namespace: NetworkNamespace?
    ) async throws(CommitError) {
        do {
            try await Tool(named: "nft")
                .run(options + ["-f", "-"], text: program.text, in: namespace, holding: lock)
        } catch {
            throw .refused(error)
        }
    }
}

/// The table that stands in the kernel cannot be written down so that it loads as the same again.
package struct UnfaithfulListing: Error, CustomStringConvertible {
    package let difference: String

    package var description: String {
        "nft lists the table \(NftablesProgram.table) so that it would come back as another: \(difference)"
    }
}
