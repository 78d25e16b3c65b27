package import Netfilter
import PacketModel

/// The step from one ruleset to another that differs in elements of sets alone: no rule is touched, and what the
/// elements that stay have counted goes on.
package struct ElementChange: Hashable, Sendable {
    /// For `nft -f`, one transaction; empty where nothing differs.
    package let text: String

    /// Nil where more than elements differs.
    package init?(from old: Ruleset, to new: Ruleset) throws(Inexpressible) {
        guard old.tables.count == new.tables.count else { return nil }
        var text = ""
        for (old, new) in zip(old.tables, new.tables) {
            guard old.family == new.family, old.name == new.name, old.comment == new.comment,
                old.chains == new.chains, old.sets.count == new.sets.count
            else { return nil }
            let table = "\(new.family.rawValue) \(new.name)"
            for (old, new) in zip(old.sets, new.sets) {
                guard let change = try Self.change(old, new, table: table) else { return nil }
                text += change
            }
        }
        self.text = text
    }

    private static func change(_ old: NamedSet, _ new: NamedSet, table: String) throws(Inexpressible)
        -> String?
    {
        guard old.hasSameForm(as: new) else { return nil }
        let (before, after) = (try elements(old), try elements(new))
        let gone = before.filter { after[$0.key] != $0.value }.keys
        let come = after.filter { before[$0.key] != $0.value }.values
        // The kernel holds the others to the number that they had.
        guard new.mayGrow || new.hasIntervals || before.count == after.count else { return nil }
        return statement("delete", gone.sorted(), of: "\(table) \(new.name)")
            + statement("add", come.sorted(), of: "\(table) \(new.name)")
    }

    /// Each with what it carries, by its key.
    private static func elements(_ set: NamedSet) throws(Inexpressible) -> [String: String] {
        let printer = SetPrinter(named: set)
        var elements: [String: String] = [:]
        for index in 0..<set.count { elements[printer.key(index)] = try printer.element(index) }
        return elements
    }

    private static func statement(_ verb: String, _ elements: [String], of set: String) -> String {
        elements.isEmpty ? "" : "\(verb) element \(set) { \(elements.joined(separator: ", ")) }\n"
    }
}

extension NamedSet {
    /// All but the elements is the same.
    fileprivate func hasSameForm(as other: NamedSet) -> Bool {
        name == other.name && family == other.family && fields == other.fields && isMap == other.isMap
            && hasCounters == other.hasCounters && dynamic == other.dynamic
            && prefixLength == other.prefixLength && comment == other.comment
            && hasIntervals == other.hasIntervals && mayGrow == other.mayGrow
    }
}
