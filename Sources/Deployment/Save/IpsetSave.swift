/// What `ipset save` said, without the sets of some owners, and without what they put into the sets of people's (ipset(8)).
struct IpsetSave: Sendable {
    /// For `ipset restore`.
    private(set) var text = ""
    private(set) var leftOut = LeftOut()

    init(_ saved: String, without owners: [RuleOwner]) {
        for line in saved.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 2 else { continue }
            if let owner = owners.first(where: { $0.owns(set: words[1]) }) {
                leftOut.add(set: words[1], of: owner)
                continue
            }
            if words[0] == "add" {
                if let owner = owners.first(where: { $0.fills(set: words[1]) }) {
                    leftOut.addElements(1, of: owner)
                    continue
                }
                // The member of a list of sets that is not there could not be added.
                if owners.contains(where: { $0.owns(set: words[2]) }) { continue }
            }
            text += line + "\n"
        }
    }

    var isEmpty: Bool { text.isEmpty }
}
