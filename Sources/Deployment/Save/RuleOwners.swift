/// Who keeps which rule of a table of iptables.
struct RuleOwners {
    private let owners: [RuleOwner]
    /// Chains of people's, also where an owner made them.
    private let kept: Set<String>

    init(_ owners: [RuleOwner], kept: Set<String>) {
        self.owners = owners
        self.kept = kept
    }

    /// Nil for a chain of a person's, and for one that an owner made for people who wrote something into it.
    func owner(ofChain chain: String) -> RuleOwner? {
        owners.first { $0.owns(chain: chain) && !($0.leavesToPeople(chain: chain) && kept.contains(chain)) }
    }

    /// The words of a rule, from `-A` on.
    func owner(of words: [String]) -> RuleOwner? {
        guard words.count > 1 else { return nil }
        if let owner = owner(ofChain: words[1]) { return owner }
        let target = Self.value(["-j", "-g"], words)
        // The jump to a chain for people is the owner's all the same.
        if let target, let owner = owners.first(where: { $0.owns(chain: target) }) { return owner }
        let set = Self.value(["--match-set", "--add-set", "--del-set"], words)
        if let set, let owner = owners.first(where: { $0.owns(set: set) }) { return owner }
        return owners.first { $0.writesForBridges(words) }
    }

    private static func value(_ options: [String], _ words: [String]) -> String? {
        words.lastIndex { options.contains($0) }.flatMap { words.dropFirst($0 + 1).first }
    }
}
