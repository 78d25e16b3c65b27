package import Diagnostics
import Iptables
import Netfilter
import Nftables
package import PacketModel
package import Policy

extension NftablesProgram {
    /// Compiles a policy; throws what keeps it from being compiled.
    package init(_ policy: Policy) throws(Diagnostic) {
        let ruleset = try NftablesLowering.lower(policy)
        do {
            self.init(text: try NftablesPrinter.print(ruleset))
        } catch {
            throw Diagnostic(error, inIptables: false)
        }
    }

    /// The transaction that leads from this program to that of another policy by elements of sets alone; nil where more
    /// differs, or where `old` is not what this program was made of.
    package func elementChange(from old: Policy, to new: Policy) throws(Diagnostic) -> NftablesProgram? {
        let before = try NftablesLowering.lower(old)
        let after = try NftablesLowering.lower(new)
        do {
            guard try NftablesPrinter.print(before) == text else { return nil }
            return try ElementChange(from: before, to: after).map { NftablesProgram(text: $0.text) }
        } catch {
            throw Diagnostic(error, inIptables: false)
        }
    }
}

extension IptablesProgram {
    /// Compiles a policy for both families; throws what keeps it from being compiled.
    package init(_ policy: Policy, usesIpset: Bool) throws(Diagnostic) {
        let ruleset = try IptablesLowering.lower(policy, usesIpset: usesIpset)
        do {
            self.init(
                ipv4: try Family(ruleset, .ipv4),
                ipv6: try Family(ruleset, .ipv6),
                ipset: try IpsetPrinter.restoreFile(ruleset)
            )
        } catch {
            throw Diagnostic(error, inIptables: true)
        }
    }

    /// The text for people, with the jumps from the built-in chains.
    package static func listing(
        _ policy: Policy,
        _ family: IPFamily,
        usesIpset: Bool
    ) throws(Diagnostic) -> String {
        let ruleset = try IptablesLowering.lower(policy, family: family, usesIpset: usesIpset)
        do {
            return try IpsetPrinter.restoreFile(ruleset)
                + IptablesPrinter.restoreFile(ruleset, family: family, includingJumps: true)
        } catch {
            throw Diagnostic(error, inIptables: true)
        }
    }
}

extension Diagnostic {
    init(_ error: Inexpressible, inIptables: Bool) {
        self.init(
            code: inIptables ? "policy.iptables.inexpressible" : "policy.nftables.inexpressible",
            "\(inIptables ? "iptables" : "nftables") has no way to say this: \(error)",
            fix: inIptables ? "write  backend: nftables" : nil
        )
    }
}

extension IptablesProgram.Family {
    init(_ ruleset: Ruleset, _ family: IPFamily) throws(Inexpressible) {
        self.init(
            text: try IptablesPrinter.restoreFile(ruleset, family: family, includingJumps: false),
            jumps: try IptablesPrinter.jumps(ruleset, family: family).map {
                IptablesProgram.Jump(table: $0.table, chain: $0.builtInChain, words: $0.words)
            }
        )
    }
}
