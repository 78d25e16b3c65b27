/// What a restore would change, in sentences.
package struct RestorePlan: Sendable {
    /// In two columns: what happens, and to what.
    package let lines: [String]
    /// Whether anything would.
    package let isEmpty: Bool

    init(
        from live: OthersRules,
        to wanted: OthersRules,
        isTableChanged: (String) -> Bool,
        keeping leftOut: LeftOut
    ) {
        var lines: [String] = []
        func say(_ kind: String, _ text: String) {
            lines.append(kind + String(repeating: " ", count: max(1, 10 - kind.count)) + text)
        }
        for (old, new) in zip(live.chains, wanted.chains) {
            if let text = Self.change(old, new) {
                say(old.policy == nil && !new.isBuiltIn ? "makes" : "changes", text)
            }
        }
        for (old, new) in zip(live.sets, wanted.sets) where old.listed != new.listed {
            say(
                old.text == nil ? "makes" : "replaces",
                "set \(new.name), \(Self.count(new.elements, "element"))"
            )
        }
        for (old, new) in zip(live.tables, wanted.tables) where isTableChanged(new.name) {
            say(old.text == nil ? "makes" : "replaces", "table \(new.name)")
        }
        isEmpty = lines.isEmpty
        for line in leftOut.lines { say("leaves", line) }
        for chain in live.chains {
            let count = chain.rules.count - chain.writableRules.count
            guard count > 0 else { continue }
            say(
                "leaves",
                "\(chain.place): \(Self.count(count, "rule")) that iptables-restore would read otherwise"
            )
        }
        say("keeps", "everything else, ours too")
        self.lines = lines
    }

    /// `IPv4 filter INPUT: 3 rules come, 1 goes; policy DROP instead of ACCEPT`; nil when it stays as it is.
    private static func change(_ old: OthersRules.Chain, _ new: OthersRules.Chain) -> String? {
        let (before, after) = (old.writableRules.map(\.text), new.writableRules.map(\.text))
        let difference = after.difference(from: before)
        var parts: [String] = []
        let (comes, goes) = (difference.insertions.count, difference.removals.count)
        if comes > 0 { parts.append("\(count(comes, "rule")) \(comes == 1 ? "comes" : "come")") }
        if goes > 0 { parts.append("\(count(goes, "rule")) \(goes == 1 ? "goes" : "go")") }
        let stays = before.count - goes
        if !parts.isEmpty, stays > 0 { parts.append("\(stays) \(stays == 1 ? "stays" : "stay")") }
        var text = parts.joined(separator: ", ")
        let (from, to) = (old.policy ?? "ACCEPT", new.policy ?? "ACCEPT")
        if new.isBuiltIn, from != to {
            text += (text.isEmpty ? "" : "; ") + "policy \(to) instead of \(from)"
        }
        if text.isEmpty, old.policy == nil, !new.isBuiltIn { text = "empty" }
        return text.isEmpty ? nil : "\(new.place): \(text)"
    }

    private static func count(_ number: Int, _ what: String) -> String {
        "\(number) \(what)\(number == 1 ? "" : "s")"
    }
}
