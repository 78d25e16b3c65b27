/// Commits through `nft -f -`: one transaction of the kernel, all or nothing (nft(8)).
package struct NftablesBackend: FirewallBackend {
    package init() {}

    package func check(_ program: NftablesProgram, in namespace: NetworkNamespace?) async throws(CommitError)
    {
        try await load(program, options: ["--check"], in: namespace)
    }

    package func commit(_ program: NftablesProgram, in namespace: NetworkNamespace?) async throws(CommitError)
    {
        try await load(program, options: [], in: namespace)
    }

    private func load(
        _ program: NftablesProgram,
        options: [String],
        in namespace: NetworkNamespace?
    ) async throws(CommitError) {
        do {
            try await Tool(named: "nft").run(options + ["-f", "-"], text: program.text, in: namespace)
        } catch {
            throw .refused(error)
        }
    }
}
