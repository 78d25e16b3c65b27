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
            let edit = ChainEdit(from: standing(present), to: chain.rules)
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

    private func standing(_ chain: IptablesChains.Chain?) -> [ChainEdit.Standing] {
        guard let chain else { return [] }
        let owners = owners(in: chain.table)
        return chain.rules.map { rule in
            let words = QuotedWords.split("-A \(chain.name) \(rule.text)")
            return ChainEdit.Standing(text: rule.text, isKept: owners.owner(of: words) != nil)
        }
    }

    /// Whether somebody else keeps a rule in a chain that is to go, or leads to it.
    private func isNeeded(_ chain: IptablesChains.Chain, in live: IptablesChains) -> Bool {
        if standing(chain).contains(where: \.isKept) { return true }
        return live.chains.filter { $0.table == chain.table }.contains { other in
            let isOurs = chains.contains { $0.table == other.table && $0.name == other.name }
            return zip(other.rules, standing(other)).contains { rule, standing in
                let words = QuotedWords.split(rule.text)
                return (standing.isKept || !isOurs)
                    && words.indices.dropLast().contains {
                        ["-j", "-g"].contains(words[$0]) && words[$0 + 1] == chain.name
                    }
            }
        }
    }

    /// Those who keep rules in a table. A chain that is named here is nobody's to keep.
    func owners(in table: String) -> RuleOwners {
        RuleOwners(
            RuleOwner.leftOut(everyone: everyone),
            kept: Set(chains.filter { $0.table == table }.map(\.name))
        )
    }

    /// What the live chains hold at these places.
    func chains(in live: IptablesChains, _ family: IPFamily) -> [Chain] {
        chains.filter { $0.family == family }.map { chain in
            let present = live[chain.table, chain.name]
            let rules = zip(present?.rules ?? [], standing(present)).filter { !$1.isKept }.map(\.0)
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
