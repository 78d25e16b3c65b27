import Kernel

/// Who keeps which rule of a table of iptables.
struct RuleOwners {
    private let owners: [RuleOwner]
    /// Those whose landmark the table has, or who need none.
    private let atHome: [RuleOwner]
    /// Chains of people's, also where an owner made them.
    private let kept: Set<String>

    /// `chains` are all that the table has, `kept` those that people keep.
    init(_ owners: [RuleOwner], chains: [String], kept: Set<String>) {
        self.owners = owners
        self.kept = kept
        atHome = owners.filter { owner in
            owner.landmark.map { landmark in chains.contains(where: landmark.matches) } ?? true
        }
    }

    /// Nil for a chain of a person's, and for one that an owner made for people who wrote something into it.
    func owner(ofChain chain: String) -> RuleOwner? {
        owners.first { owner in
            guard owner.owns(chain: chain) else { return false }
            return !(owner.leavesToPeople(chain: chain) && kept.contains(chain)) && isAtHome(owner)
        }
    }

    /// The words of a rule, from `-A` on.
    func owner(of words: [String]) -> RuleOwner? {
        guard words.count > 1 else { return nil }
        if let filler = owners.first(where: { $0.fills(chain: words[1]) }) { return filler }
        if let owner = owner(ofChain: words[1]) { return owner }
        let named = RuleWords(words)
        // The jump to a chain for people is the owner's all the same.
        if let target = named.target,
            let owner = owners.first(where: { $0.owns(chain: target) && isAtHome($0) })
        {
            return owner
        }
        if let owner = owners.first(where: { owner in named.sets.contains { owner.owns(set: $0) } }) {
            return owner
        }
        if let comment = named.comment,
            let owner = owners.first(where: { $0.comments.contains { $0.matches(comment) } })
        {
            return owner
        }
        return atHome.first { $0.rules.contains { $0.matches(words.dropFirst()) } }
    }

    private func isAtHome(_ owner: RuleOwner) -> Bool { atHome.contains { $0.name == owner.name } }
}
