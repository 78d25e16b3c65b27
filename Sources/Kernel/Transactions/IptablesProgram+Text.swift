import Compiler

extension IptablesProgram.Family {
    /// The chains that the text declares in each table.
    var chains: [String: Set<Substring>] {
        var result: [String: Set<Substring>] = [:]
        var table = ""
        for line in text.listedLines {
            if line.hasPrefix("*") { table = String(line.dropFirst()) }
            if line.hasPrefix(":") {
                result[table, default: []].insert(line.dropFirst().prefix { $0 != " " })
            }
        }
        return result
    }

    /// The text, with our jumps made the first rules of their chains and without what an earlier commit left there:
    /// each in the transaction of its table.
    func text(over state: IptablesState) -> String {
        let (beginnings, endings) = changes(over: state)
        return text(beginning: beginnings, ending: endings)
    }

    /// Only what changes jumps and takes away what an earlier commit left.
    func tidying(_ state: IptablesState) -> String {
        let (beginnings, endings) = changes(over: state)
        return Self(text: "", jumps: []).text(beginning: beginnings, ending: endings)
    }

    /// The text for a kernel of which nothing is known: our jumps come first, where they stand already once more, and
    /// the chains of another commit that this one has not got are emptied.
    func text(emptying other: Self?) -> String {
        let own = chains
        var beginnings: [String: String] = [:]
        for (table, chains) in other?.chains ?? [:] {
            let rest = chains.subtracting(own[table] ?? []).sorted()
            if !rest.isEmpty { beginnings[table] = rest.map { ":\($0) - [0:0]\n" }.joined() }
        }
        var endings: [String: String] = [:]
        for jump in jumps.reversed() { endings[jump.table, default: ""] += jump.insertion }
        return text(beginning: beginnings, ending: endings)
    }

    /// What stands at the beginning and at the end of each table, so that it is as wanted.
    private func changes(over state: IptablesState) -> ([String: String], [String: String]) {
        let leftovers = state.leftovers(besides: self)
        var endings = jumpChanges(over: state)
        for (table, chains) in leftovers {
            endings[table, default: ""] += chains.map { "-X \($0)\n" }.joined()
        }
        return (leftovers.mapValues { $0.map { ":\($0) - [0:0]\n" }.joined() }, endings)
    }

    /// The text, with more at the beginning and at the end of some tables.
    func text(beginning beginnings: [String: String] = [:], ending endings: [String: String]) -> String {
        var open = Set(beginnings.keys).union(endings.keys)
        var (result, table) = ("", "")
        for line in text.listedLines {
            if line == "COMMIT", open.remove(table) != nil { result += endings[table] ?? "" }
            result += line + "\n"
            if line.hasPrefix("*") {
                table = String(line.dropFirst())
                result += beginnings[table] ?? ""
            }
        }
        for table in open.sorted() {
            result += "*\(table)\n\(beginnings[table] ?? "")\(endings[table] ?? "")COMMIT\n"
        }
        return result
    }

    /// For each table, what makes our jumps those that are wanted, and the first rules of their chains: a rule of
    /// somebody else before them could let through what we would stop.
    private func jumpChanges(over state: IptablesState) -> [String: String] {
        let wanted = Dictionary(grouping: jumps) { BuiltInChain(table: $0.table, chain: $0.chain) }
        let present = state.jumps
        var changes: [String: String] = [:]
        for chain in Set(wanted.keys).union(present.keys).sorted() {
            let (jumps, rules) = (wanted[chain] ?? [], present[chain] ?? [])
            let isRight = rules.map { $0.words.dropFirst(2).map(String.init) } == jumps.map(\.words)
            if isRight && state.strangers(before: chain).isEmpty { continue }
            let removals = removals(of: rules, in: chain, of: state)
            // Each insertion goes to the top, so the first one comes last.
            let insertions = jumps.reversed().map(\.insertion)
            changes[chain.table, default: ""] += (removals + insertions).joined()
        }
        return changes
    }

    /// By their words, for numbers change when others write rules meanwhile; those that cannot be written go first, by number.
    private func removals(of rules: [SavedRule], in chain: BuiltInChain, of state: IptablesState) -> [String]
    {
        let unwritable = rules.filter { !$0.isWritable }
        let standing = unwritable.isEmpty ? [] : state.tables[chain.table]?.rules ?? []
        let numbers = standing.filter { $0.chain == chain.chain }.enumerated().filter {
            unwritable.contains($0.element)
        }.map { $0.offset + 1 }
        return numbers.reversed().map { "-D \(chain.chain) \($0)\n" }
            + rules.filter(\.isWritable).map { "-D \($0.chain) \($0.body)\n" }
    }
}

extension IptablesProgram.Jump {
    /// What makes it the first rule.
    var insertion: String { "-I \(chain) 1 \(words.joined(separator: " "))\n" }
}

extension IptablesProgram {
    /// Nothing of ours.
    static let nothing = IptablesProgram(
        ipv4: Family(text: "", jumps: []),
        ipv6: Family(text: "", jumps: []),
        ipset: ""
    )
}
