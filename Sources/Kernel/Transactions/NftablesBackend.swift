package import Compiler
package import SystemPackage

/// Commits through `nft -f -`: one transaction of the kernel, all or nothing (nft(8)). Reads back through netlink, for
/// the tool's listings leave things out.
package struct NftablesBackend: FirewallBackend {
    private let lock: FileDescriptor?
    private let limits: Tool.Limits

    /// The tool holds the lock, if one is given, as long as it runs.
    package init(holding lock: FileDescriptor? = nil, limits: Tool.Limits = Tool.Limits()) {
        self.lock = lock
        self.limits = limits
    }

    package func check(_ program: NftablesProgram, in namespace: NetworkNamespace?) async throws(CommitError)
    {
        try await load(program, options: ["--check"], in: namespace)
    }

    package func commit(_ program: NftablesProgram, in namespace: NetworkNamespace?) async throws(CommitError)
    {
        try await load(program, options: [], in: namespace)
    }

    /// Without the tool, which may be unable to read what another version of it left there.
    package func remove(in namespace: NetworkNamespace?) async throws(CommitError) {
        do {
            try await NetworkNamespace.run(in: namespace) {
                try NftablesTable.delete(NftablesLowering.tableName)
            }
        } catch {
            throw .refused(.notRun(program: "netlink", reason: "\(error)"))
        }
    }

    /// Commits from memory. A tool that dies of what stands there gets to work once that is gone; then the table is away
    /// for as long as it takes to load.
    func bringBack(_ program: NftablesProgram, in namespace: NetworkNamespace?) async throws(CommitError) {
        do {
            try await commit(program, in: namespace)
        } catch {
            guard case .refused(.killed) = error else { throw error }
            try await remove(in: namespace)
            try await commit(program, in: namespace)
        }
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
                .run(
                    options + ["-f", "-"],
                    text: program.text,
                    in: namespace,
                    holding: lock,
                    limits: limits
                )
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
