import Kernel
import PacketModel

extension OthersRules {
    /// Chains and sets by content; where there is no chain, it is as one that holds nothing and accepts.
    var listingWithoutTables: FirewallListing {
        var parts: [FirewallListing.Part] = []
        for chain in chains {
            if let policy = chain.policy, policy != "-", policy != "ACCEPT" {
                parts.append(.init("the policy of \(chain.place)", Self.hash(policy)))
            }
            for (number, rule) in chain.writableRules.enumerated() {
                parts.append(.init("rule \(number + 1) of \(chain.place)", Self.hash(rule.text)))
            }
        }
        for set in sets {
            guard let text = set.text else { continue }
            // What ends by itself, and what rules add, is another at each look.
            let isLasting = !isFilledByRules(set.name)
            parts += IpsetListing.parts(text, withTimed: false).filter {
                isLasting || $0.name == "set \(set.name)"
            }
        }
        return FirewallListing(parts: parts)
    }

    private func isFilledByRules(_ set: String) -> Bool {
        chains.contains { chain in
            chain.rules.contains { rule in
                let words = QuotedWords.split(rule.text)
                return zip(words, words.dropFirst()).contains {
                    ["--add-set", "--del-set"].contains($0) && $1 == set
                }
            }
        }
    }

    private static func hash(_ text: String) -> ContentHash {
        var hash = ContentHash()
        hash.combine(text)
        return hash
    }
}
