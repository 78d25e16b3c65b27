import Diagnostics

/// The sets that commands of ipset make of none.
package struct Ipsets: Sendable {
    /// What a command does to them.
    package enum Change: Sendable {
        /// The words after `ipset`.
        case command([String])
        /// A command of which something is not known changes this set, or any of them.
        case open(String?)
    }

    /// What came of a change.
    package struct Outcome: Sendable {
        package var refusal: Refusal?
        /// Something of it was done, though the rest may be refused.
        package var hasChanged = false
        /// So many elements were looked at.
        package var cost = 0
    }

    package internal(set) var named: [String: Ipset] = [:]
    /// In the order in which they were made.
    var order: [String] = []
    /// A command of which nothing is known may have made others.
    package private(set) var mayHaveOthers = false
    let names: NameDatabase

    package init(names: NameDatabase = NameDatabase()) {
        self.names = names
    }

    package subscript(_ name: String) -> Ipset? { named[name] }

    /// - Parameter used: the sets that rules name, which cannot be destroyed.
    @discardableResult
    package mutating func apply(_ change: Change, used: Set<String> = []) -> Outcome {
        var outcome = Outcome()
        switch change {
        case .command(let words):
            do throws(Refusal) {
                let command = try IpsetCommand(words)
                try apply(command, used, &outcome)
            } catch {
                // What another host answers is no refusal.
                if error.code == "ipset.open" {
                    open(words)
                    outcome.hasChanged = true
                }
                outcome.refusal = error
            }
        case .open(let name?):
            named[name]?.isOpen = true
            outcome.hasChanged = true
        case .open(nil):
            for name in named.keys { named[name]?.isOpen = true }
            mayHaveOthers = true
            outcome.hasChanged = true
        }
        return outcome
    }

    private mutating func open(_ words: [String]) {
        guard let command = try? IpsetCommand(words), let name = command.words.first else { return }
        named[name]?.isOpen = true
    }

    /// Lists that name it.
    func lists(with name: String) -> [String] {
        named.filter { $0.value.kind.storage == .list && $0.value.members.contains(name) }.map(\.key)
    }
}
