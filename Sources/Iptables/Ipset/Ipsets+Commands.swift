import Diagnostics
import PacketModel

/// What each command does, and what the tool and the kernel refuse (ipset 7.17).
extension Ipsets {
    mutating func apply(_ command: IpsetCommand, _ used: Set<String>, _ outcome: inout Outcome)
        throws(Refusal)
    {
        switch command.verb {
        case .create: try create(command, &outcome)
        case .add, .del, .test: try changeElement(command, &outcome)
        case .flush:
            guard let name = command.words.first else {
                for name in named.keys { named[name]?.removeAll() }
                outcome.hasChanged = true
                return
            }
            _ = try set(name)
            named[name]?.removeAll()
            outcome.hasChanged = true
        case .destroy:
            try destroy(command.words.first, used, ignoresMissing: command.ignoresExisting, &outcome)
        case .rename: try rename(command.words[0], command.words[1], used, &outcome)
        case .swap: try swap(command.words[0], command.words[1], &outcome)
        case .list, .save: if let name = command.words.first { _ = try set(name) }
        case .help:
            if let type = command.words.first, IpsetKind(named: type) == nil { throw unknownType(type) }
        case .version: break
        case .restore: throw Refusal("ipset.words", "restore has no place here")
        }
    }

    func set(_ name: String) throws(Refusal) -> Ipset {
        if let set = named[name] { return set }
        if mayHaveOthers { throw Refusal("ipset.open", "whether there is a set \(name) is not known") }
        throw Refusal(
            "ipset.unknown",
            "there is no set \(name)",
            fix: NearestSpelling.fix(for: name, among: named.keys)
        )
    }

    private func existing(_ name: String) -> Refusal {
        Refusal("ipset.exists", "there is a set \(name) already")
    }

    private func unknownType(_ name: String) -> Refusal {
        Refusal(
            "ipset.type",
            "ipset has no type \(name)",
            fix: NearestSpelling.fix(for: name, among: IpsetKind.all.map(\.name))
        )
    }

    private func checkName(_ name: String) throws(Refusal) {
        guard name.utf8.count <= IpsetPrinter.longestName else {
            throw Refusal("ipset.name", "the name of a set has at most \(IpsetPrinter.longestName) bytes")
        }
    }

    private mutating func create(_ command: IpsetCommand, _ outcome: inout Outcome) throws(Refusal) {
        let name = command.words[0]
        try checkName(name)
        guard let kind = IpsetKind(named: command.words[1]) else { throw unknownType(command.words[1]) }
        let options = try IpsetOptions(command.words[2...], kind, names)
        if let before = named[name] {
            guard command.ignoresExisting, before.kind.name == kind.name,
                before.options.isSame(as: options, kind)
            else { throw existing(name) }
            return
        }
        named[name] = Ipset(kind, options)
        order.append(name)
        outcome.hasChanged = true
    }

    private mutating func destroy(
        _ name: String?,
        _ used: Set<String>,
        ignoresMissing: Bool,
        _ outcome: inout Outcome
    ) throws(Refusal) {
        if ignoresMissing, let name, named[name] == nil { return }
        let wanted = try name.map { name throws(Refusal) in [try checked(name)] } ?? Array(named.keys)
        for name in wanted {
            if used.contains(name) {
                throw Refusal(
                    "ipset.used",
                    "the set \(name) is named by a rule, and stays: the rule goes first"
                )
            }
            let lists = lists(with: name)
            if let list = lists.first {
                throw Refusal("ipset.used", "the set \(name) is in the list \(list), and stays")
            }
        }
        for name in wanted { named[name] = nil }
        order.removeAll { wanted.contains($0) }
        outcome.hasChanged = true
    }

    private func checked(_ name: String) throws(Refusal) -> String {
        _ = try set(name)
        return name
    }

    private mutating func rename(_ from: String, _ to: String, _ used: Set<String>, _ outcome: inout Outcome)
        throws(Refusal)
    {
        try checkName(to)
        let set = try set(from)
        if used.contains(from) || !lists(with: from).isEmpty {
            throw Refusal("ipset.used", "the set \(from) is in use, and keeps its name")
        }
        if named[to] != nil { throw existing(to) }
        named[from] = nil
        named[to] = set
        order = order.map { $0 == from ? to : $0 }
        outcome.hasChanged = true
    }

    private mutating func swap(_ from: String, _ to: String, _ outcome: inout Outcome) throws(Refusal) {
        let (first, second) = (try set(from), try set(to))
        guard first.kind.features == second.kind.features, first.options.family == second.options.family
        else {
            throw Refusal("ipset.swap", "\(from) and \(to) are not of one type and family")
        }
        (named[from], named[to]) = (second, first)
        outcome.hasChanged = true
    }
}

extension IpsetOptions {
    /// Whether `-exist` takes one for the other.
    func isSame(as other: IpsetOptions, _ kind: IpsetKind) -> Bool {
        let isExtendedAlike =
            timeout == other.timeout && hasCounters == other.hasCounters && hasComments == other.hasComments
            && hasMarks == other.hasMarks && replaces == other.replaces
        switch kind.storage {
        case .hash: return isExtendedAlike && most == other.most && mask == other.mask
        case .bitmap: return isExtendedAlike && range == other.range && mask == other.mask
        case .list: return isExtendedAlike && size == other.size
        }
    }
}
