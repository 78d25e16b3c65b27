import Kernel

/// What `ipset save` said, without the sets of some owners, and without what they put into the sets of people's (ipset(8)).
struct IpsetSave: Sendable {
    /// For `ipset restore`.
    private(set) var text = ""
    private(set) var leftOut = LeftOut()

    init(_ saved: String, without owners: [RuleOwner]) {
        for line in SavedSetLine.lines(of: saved) {
            if let owner = owners.first(where: { $0.owns(set: line.set) }) {
                leftOut.add(set: line.set, of: owner)
                continue
            }
            if line.command == "add" {
                if let owner = owners.first(where: { $0.fills(set: line.set) }) {
                    leftOut.addElements(1, of: owner)
                    continue
                }
                // The member of a list of sets that is not there could not be added.
                if owners.contains(where: { $0.owns(set: line.subject) }) { continue }
            }
            text += line.writable + "\n"
        }
    }

    var isEmpty: Bool { text.isEmpty }
}
