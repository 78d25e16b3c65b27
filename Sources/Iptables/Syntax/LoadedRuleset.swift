package import Diagnostics
package import PacketModel

/// What commands and save files make of an empty kernel, for one family.
package struct LoadedRuleset: Sendable {
    package let family: IPFamily
    package private(set) var tables: [BuiltInTable: LoadedTable] = [:]
    private var comments: [BuiltInTable: [SourceRange]] = [:]
    private var trailingComments: [SourceRange] = []

    package init(family: IPFamily) {
        self.family = family
    }

    /// What iptables-restore makes of the file alone: the tables after every COMMIT.
    ///
    /// - Parameter keeping: a table that comes twice goes on from the first (`--noflush`).
    package static func load(
        _ file: SaveFile,
        from source: SourceFile,
        family: IPFamily,
        keeping: Bool = false
    ) -> (ruleset: LoadedRuleset, diagnostics: [Diagnostic]) {
        var ruleset = LoadedRuleset(family: family)
        ruleset.trailingComments = file.trailingComments
        var diagnostics: [Diagnostic] = []
        for saved in file.tables {
            for error in ruleset.restore(saved, keeping: keeping) {
                diagnostics.append(error.diagnostic(in: source, .start))
            }
            let before = keeping ? ruleset.comments[saved.table] ?? [] : []
            ruleset.comments[saved.table] = before + saved.comments
        }
        return (ruleset, diagnostics)
    }

    /// Loads a table, up to its COMMIT. It takes the place of what was there, unless that is kept (`--noflush`).
    /// Every error is found, and none of them leaves its command behind.
    package mutating func restore(_ saved: SaveTable, keeping: Bool = false) -> [Refusal] {
        var errors: [Refusal] = []
        var table = LoadedTable(saved.table, family: family)
        if keeping, let before = tables[saved.table] { table = before }
        for command in saved.commands {
            do throws(Refusal) {
                try table.apply(command, keeping ? .live : .file)
            } catch {
                errors.append(error.at(command.range))
            }
        }
        errors += table.pathErrors()
        tables[saved.table] = table
        errors += sharingErrors(in: saved.table)
        return errors
    }

    /// Gives the command to the tool.
    package mutating func apply(_ command: Command, in table: BuiltInTable) throws(Refusal) {
        // Taken out while it changes, so that nothing is copied.
        var changed = tables.removeValue(forKey: table) ?? LoadedTable(table, family: family)
        defer { tables[table] = changed }
        try changed.apply(command, .live)
    }

    /// As iptables-save prints it, all of it or one table, with the lines of comment that stood outside of the tables of a save file.
    package func text(
        from source: SourceFile? = nil,
        names: NameDatabase,
        counters: Bool = false,
        only: BuiltInTable? = nil
    ) -> [UInt8] {
        var writer = RuleWriter(family: family, names: names, showsCounters: counters)
        func write(_ comments: [SourceRange]) {
            guard let source else { return }
            for comment in comments { writer.write(line: source.bytes[comment.start..<comment.end]) }
        }
        for name in BuiltInTable.allCases where only == nil || only == name {
            guard let table = tables[name] else {
                // Asked for by name it is there, with its own chains.
                if only == name { writer.write(LoadedTable(name, family: family)) }
                continue
            }
            write(comments[name] ?? [])
            if table.isThere || only == name { writer.write(table) }
        }
        write(trailingComments)
        return writer.output
    }
}

extension RuleWriter {
    fileprivate mutating func write(_ table: LoadedTable) {
        write("*\(table.table.rawValue)\n")
        let names = table.chainNames
        for name in names {
            let chain = table.chains[name]
            write(":\(name) \(chain?.policy ?? "-") \(counters(chain?.counters))\n")
        }
        for name in names {
            // By number: a rule that a loop hands out is a copy.
            let rules = table.chains[name]?.rules ?? []
            for number in rules.indices { write(rules[number], chain: name) }
        }
        write("COMMIT\n")
    }
}
