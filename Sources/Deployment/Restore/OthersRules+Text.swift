import Kernel
import PacketModel

extension OthersRules {
    /// For `iptables-restore --noflush`: what makes the chains of a family these; empty when they are.
    func text(of family: IPFamily, over live: IptablesChains) -> String {
        let wanted = chains.filter { $0.family == family }
        let tables = Set(wanted.map(\.table)).sorted()
        return tables.map { table in
            let lines = lines(of: wanted.filter { $0.table == table }, over: live)
            return lines.isEmpty ? "" : "*\(table)\n\(lines.joined(separator: "\n"))\nCOMMIT\n"
        }.joined()
    }

    private func lines(of chains: [Chain], over live: IptablesChains) -> [String] {
        var (making, removals, insertions, ending): ([String], [String], [String], [String]) = (
            [], [], [], []
        )
        for chain in chains {
            let present = live[chain.table, chain.name]
            if let policy = chain.policy, present?.policy != policy {
                // Where a table was never used, its built-in chains accept.
                if policy == "-" || present != nil || policy != "ACCEPT" {
                    making.append(":\(chain.name) \(policy) [0:0]")
                }
            }
            if chain.policy == nil, let present, present.policy != "-", present.policy != "ACCEPT" {
                making.append(":\(chain.name) ACCEPT [0:0]")
            }
            // What cannot be written can neither come nor go. Where it is not wanted it stays all the same, as what its
            // owner keeps; where it is, it says where the others stand.
            let unwritable = Set(present?.unwritable ?? [])
            let wanted = chain.rules.filter { $0.isWritable(in: chain.name) || unwritable.contains($0.text) }
            let known = Set(wanted.map(\.text))
            let standing = standing(present, in: live).map { rule in
                let isKept = rule.isKept || unwritable.contains(rule.text) && !known.contains(rule.text)
                return ChainEdit.Standing(
                    text: rule.text,
                    isKept: isKept,
                    isFixed: unwritable.contains(rule.text),
                    isFoundByNumber: rule.isFoundByNumber
                )
            }
            let edit = ChainEdit(from: standing, to: wanted)
            removals += edit.removals.map { "-D \(chain.name) \($0)" }
            insertions += edit.insertions.map { number, rule in
                let counted = rule.packets > 0 ? "-c \(rule.packets) \(rule.bytes) " : ""
                return "-I \(chain.name) \(number) \(counted)\(rule.text)"
            }
            if chain.policy == nil, let present, present.policy == "-", !isNeeded(present, in: live) {
                ending.append("-X \(chain.name)")
            }
        }
        return making + removals + insertions + ending
    }

    private func standing(_ chain: IptablesChains.Chain?, in live: IptablesChains) -> [ChainEdit.Standing] {
        guard let chain else { return [] }
        let owners = owners(in: chain.table, of: live)
        return chain.rules.map { rule in
            let words = QuotedWords.split("-A \(chain.name) \(rule.text)")
            let isKept = owners.owner(of: words) != nil
            // No words of such a rule are those of one that stands there, even its own (measured on 1.8.9).
            let isFoundByNumber = zip(words, words.dropFirst()).contains { $0 == "-m" && $1 == "recent" }
            return ChainEdit.Standing(text: rule.text, isKept: isKept, isFoundByNumber: isFoundByNumber)
        }
    }

    /// Whether somebody else keeps a rule in a chain that is to go, or leads to it.
    private func isNeeded(_ chain: IptablesChains.Chain, in live: IptablesChains) -> Bool {
        if !chain.unwritable.isEmpty || standing(chain, in: live).contains(where: \.isKept) { return true }
        return live.chains.filter { $0.table == chain.table }.contains { other in
            let isOurs = chains.contains { $0.table == other.table && $0.name == other.name }
            return zip(other.rules, standing(other, in: live)).contains { rule, standing in
                (standing.isKept || !isOurs || !rule.isWritable(in: other.name))
                    && rule.target(in: other.name) == chain.name
            }
        }
    }

    /// Those who keep rules in a table. A chain that is named here is nobody's to keep.
    func owners(in table: String, of live: IptablesChains) -> RuleOwners {
        RuleOwners(
            RuleOwner.leftOut(everyone: everyone),
            chains: live.chains.filter { $0.table == table }.map(\.name),
            kept: Set(chains.filter { $0.table == table }.map(\.name))
        )
    }

    /// The same, but that a policy which somebody else shut stays shut as long as their rules stand in the chain: what was
    /// saved without these says ACCEPT (`IptablesSave`).
    func leavingPolicies(of live: IptablesChains, _ family: IPFamily) -> OthersRules {
        var result = self
        for (index, chain) in chains.enumerated() where chain.family == family && chain.policy == "ACCEPT" {
            guard let present = live[chain.table, chain.name], present.policy != "-" else { continue }
            let owners = owners(in: chain.table, of: live)
            let keepers = present.rules.compactMap {
                owners.owner(of: QuotedWords.split("-A \(chain.name) \($0.text)"))
            }
            let isTheirs = keepers.contains { $0.policies.contains(chain.name) }
            if isTheirs || chain.rules.isEmpty && !keepers.isEmpty {
                result.chains[index].policy = present.policy
            }
        }
        return result
    }

    /// What the live chains hold at these places.
    func chains(in live: IptablesChains, _ family: IPFamily) -> [Chain] {
        chains.filter { $0.family == family }.map { chain in
            let present = live[chain.table, chain.name]
            let rules = zip(present?.rules ?? [], standing(present, in: live)).filter { !$1.isKept }.map(\.0)
            return Chain(
                family: family,
                table: chain.table,
                name: chain.name,
                policy: present?.policy,
                rules: rules
            )
        }
    }
}
