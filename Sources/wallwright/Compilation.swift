import Diagnostics
import Netfilter
import Nftables
import Policy

/// From a policy to the text of a backend.
enum Compilation {
    /// What keeps a policy from being compiled.
    static func diagnostics(_ policy: Policy) -> [Diagnostic] {
        do {
            _ = try NftablesLowering.lower(policy)
            return []
        } catch {
            return [error]
        }
    }

    static func nftables(_ policy: Policy) throws(Diagnostic) -> String {
        NftablesPrinter.print(try NftablesLowering.lower(policy))
    }
}
