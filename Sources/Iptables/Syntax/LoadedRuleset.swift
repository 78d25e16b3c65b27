package import Diagnostics
package import PacketModel

/// What a save file makes of an empty kernel: the tables after every COMMIT.
package struct LoadedRuleset: Sendable {
    package let family: IPFamily
    package private(set) var tables: [BuiltInTable: LoadedTable] = [:]
    private var comments: [BuiltInTable: [SourceRange]] = [:]
    private var trailingComments: [SourceRange]

    /// Loads the tables in order; a later one of the same name takes the place of the earlier, or, when nothing is
    /// flushed (`--noflush`), goes on from it.
    package static func load(
        _ file: SaveFile,
        from source: SourceFile,
        family: IPFamily,
        flushes: Bool = true
    ) -> (ruleset: LoadedRuleset, diagnostics: [Diagnostic]) {
        var ruleset = LoadedRuleset(family: family, trailingComments: file.trailingComments)
        var diagnostics: [Diagnostic] = []
        for saved in file.tables {
            let kept = flushes ? nil : ruleset.tables[saved.table]
            var table = kept ?? LoadedTable(saved.table, family: family)
            for command in saved.commands {
                do throws(Refusal) {
                    try table.apply(command)
                } catch {
                    diagnostics.append(error.diagnostic(in: source, command.range))
                }
            }
            diagnostics += table.pathErrors().map { $0.diagnostic(in: source, .start) }
            ruleset.tables[saved.table] = table
            ruleset.comments[saved.table] =
                (flushes ? [] : ruleset.comments[saved.table] ?? []) + saved.comments
        }
        return (ruleset, diagnostics)
    }

    private init(family: IPFamily, trailingComments: [SourceRange]) {
        self.family = family
        self.trailingComments = trailingComments
    }

    /// As iptables-save prints it, with the lines of comment that stood outside of the tables.
    package func text(from source: SourceFile, names: NameDatabase, counters: Bool = false) -> [UInt8] {
        var writer = RuleWriter(family: family, names: names, showsCounters: counters)
        for name in BuiltInTable.allCases {
            guard let table = tables[name] else { continue }
            for comment in comments[name] ?? [] {
                writer.write(line: source.bytes[comment.start..<comment.end])
            }
            if table.isThere { writer.write(table) }
        }
        for comment in trailingComments { writer.write(line: source.bytes[comment.start..<comment.end]) }
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
            for rule in table.chains[name]?.rules ?? [] { write(rule, chain: name) }
        }
        write("COMMIT\n")
    }
}
