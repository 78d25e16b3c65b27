import Kernel

extension PreflightHost {
    /// The ruleset of nf_tables without the elements of its sets; empty where the kernel has no nf_tables, whose tools
    /// would only complain there.
    func nftListing() async -> ToolAnswers.Answer {
        guard await hasNftables() else { return .success("") }
        return await answer("nft", "--stateless", "--terse", "list", "ruleset")
    }

    /// Whether the kernel has nf_tables; a sample of a machine has.
    func hasNftables() async -> Bool {
        guard isThisMachine else { return true }
        return await NftablesPresence.isKnown(in: request.namespace)
    }
}
