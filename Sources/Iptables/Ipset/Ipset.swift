import Diagnostics

/// A set as commands of ipset make it (ipset(8)).
package struct Ipset: Hashable, Sendable {
    /// `hash:net`
    package var type: String
    /// The options after the type, as they are written.
    package var options: [String]
    /// The words that follow an entry such as `192.0.2.1,tcp:80`: `comment`, `nomatch` and their like.
    package var entries: [String: [String]] = [:]
    /// It may hold others than these.
    package var isOpen = false
}

/// What a command of ipset does, by any of its spellings.
enum IpsetVerb: Sendable {
    case create, add, delete, flush, destroy, rename, swap, restore
    /// It looks at sets and leaves them as they are.
    case list, test, help

    init?(_ word: String) {
        switch word {
        case "create", "-N", "--create", "n": self = .create
        case "add", "-A", "--add": self = .add
        case "del", "-D", "--del": self = .delete
        case "flush", "-F", "--flush": self = .flush
        case "destroy", "-X", "--destroy", "x": self = .destroy
        case "rename", "-E", "--rename", "e": self = .rename
        case "swap", "-W", "--swap", "w": self = .swap
        case "restore", "-R", "--restore", "-restore": self = .restore
        case "list", "-L", "save", "-S": self = .list
        case "test", "-T": self = .test
        case "version", "help": self = .help
        default: return nil
        }
    }
}

/// The sets that commands of ipset make of none.
package struct Ipsets: Sendable {
    /// What a command does to them.
    package enum Change: Sendable {
        /// The words after `ipset`, without options that are for every command.
        case command([String], ignoresExisting: Bool)
        /// A command of which something is not known changes this set, or any of them.
        case open(String?)
    }

    package private(set) var named: [String: Ipset] = [:]

    package init() {}

    package subscript(_ name: String) -> Ipset? { named[name] }

    /// Why a command is refused, if it is.
    @discardableResult
    package mutating func apply(_ change: Change) -> Refusal? {
        switch change {
        case .command(let words, let ignoresExisting): return apply(words, ignoresExisting)
        case .open(let name?): named[name]?.isOpen = true
        case .open(nil):
            for name in named.keys { named[name]?.isOpen = true }
        }
        return nil
    }

    private mutating func apply(_ words: [String], _ ignoresExisting: Bool) -> Refusal? {
        let name = words.count > 1 ? words[1] : nil
        switch words.first.flatMap(IpsetVerb.init) {
        case .create:
            guard let name, words.count > 2 else {
                return Refusal("ipset.words", "create needs a name and a type")
            }
            if named[name] != nil { return ignoresExisting ? nil : existing(name) }
            named[name] = Ipset(type: words[2], options: Array(words.dropFirst(3)))
        case .add:
            guard let name, words.count > 2 else { return Refusal("ipset.words", "the entry is missing") }
            guard let set = named[name] else { return missing(name) }
            if set.entries[words[2]] != nil, !ignoresExisting {
                return Refusal("ipset.exists", "\(words[2]) is in the set \(name) already")
            }
            named[name]?.entries[words[2]] = Array(words.dropFirst(3))
        case .delete:
            guard let name, words.count > 2 else { return Refusal("ipset.words", "the entry is missing") }
            guard named[name] != nil else { return missing(name) }
            remove(words[2], from: name)
        case .flush:
            guard let name else {
                for name in named.keys { empty(name) }
                return nil
            }
            guard named[name] != nil else { return missing(name) }
            empty(name)
        case .destroy:
            guard let name else {
                named = [:]
                return nil
            }
            guard named.removeValue(forKey: name) != nil else { return missing(name) }
        case .rename:
            guard let name, words.count > 2 else { return Refusal("ipset.words", "two names are needed") }
            guard let set = named[name] else { return missing(name) }
            if named[words[2]] != nil { return existing(words[2]) }
            named[name] = nil
            named[words[2]] = set
        case .swap:
            guard let name, words.count > 2 else { return Refusal("ipset.words", "two names are needed") }
            guard let first = named[name] else { return missing(name) }
            guard let second = named[words[2]] else { return missing(words[2]) }
            (named[name], named[words[2]]) = (second, first)
        case .list, .test:
            if let name, named[name] == nil { return missing(name) }
        case .restore, .help, nil:
            return Refusal("ipset.words", "ipset has no command \(words.first ?? "")")
        }
        return nil
    }

    private mutating func remove(_ entry: String, from name: String) {
        guard named[name]?.entries.removeValue(forKey: entry) == nil else { return }
        // It may be there in other words.
        if named[name]?.entries.isEmpty == false { named[name]?.isOpen = true }
    }

    private mutating func empty(_ name: String) {
        named[name]?.entries = [:]
        named[name]?.isOpen = false
    }

    private func missing(_ name: String) -> Refusal {
        Refusal(
            "ipset.unknown",
            "there is no set \(name)",
            fix: NearestSpelling.fix(for: name, among: named.keys)
        )
    }

    private func existing(_ name: String) -> Refusal {
        Refusal("ipset.exists", "there is a set \(name) already")
    }
}
