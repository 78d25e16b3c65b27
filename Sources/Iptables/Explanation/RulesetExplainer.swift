package import Diagnostics
import Netfilter
package import PacketModel
package import Simulation

/// Says of packets which rules they meet, in the words and at the lines of the source.
package struct RulesetExplainer: PacketExplainer {
    package let loaded: LoadedRuleset
    package var simulator: Simulator
    package let foreign: [String]
    private let source: SourceFile
    private let names: NameDatabase
    private let tables: [Table]

    private struct Table: Sendable {
        var table: LoadedTable
        var chainNames: [String]
    }

    /// - Parameter foreign: commands that change rules as well and are not followed.
    package init(
        _ loaded: LoadedRuleset,
        knowing ipsets: Ipsets = Ipsets(),
        beside foreign: [String] = [],
        from source: SourceFile,
        names: NameDatabase
    ) {
        self.loaded = loaded
        self.foreign = foreign
        self.source = source
        self.names = names
        let ruleset = loaded.meaning(names: names, ipsets: ipsets)
        simulator = Simulator(ruleset, family: loaded.family, tracksConnections: loaded.tracksConnections)
        tables = loaded.orderedTables.map { Table(table: $0, chainNames: $0.chainNames) }
    }

    package var family: IPFamily { loaded.family }

    /// Nil for a step of other rules.
    package func step(_ step: Trace.Step) -> ExplainedStep? {
        let table = tables[step.table]
        let name = table.chainNames[step.chain]
        guard let chain = table.table.chains[name] else { return nil }
        guard let number = step.rule else {
            return chain.policy.map { ExplainedStep(policy: $0, of: name, in: table.table.table) }
        }
        let rule = chain.rules[number]
        var writer = RuleWriter(family: loaded.family, names: names, showsCounters: false)
        writer.write(rule, chain: name)
        return ExplainedStep(
            table: table.table.table.rawValue,
            chain: name,
            rule: number + 1,
            line: source.lineNumber(of: rule.range.start),
            action: rule.actionName,
            text: String(decoding: writer.output.dropLast(), as: UTF8.self)
        )
    }
}

extension ExplainedStep {
    fileprivate init(policy: String, of chain: String, in table: BuiltInTable) {
        self.init(
            table: table.rawValue,
            chain: chain,
            rule: nil,
            line: nil,
            action: policy,
            text: ":\(chain) \(policy)"
        )
    }
}

extension RuleSyntax {
    fileprivate var actionName: String? {
        switch action {
        case .accept: "ACCEPT"
        case .drop: "DROP"
        case .return: "RETURN"
        case .jump(let chain), .goto(let chain): chain
        case .target(let target): target.syntax.name
        case nil: nil
        }
    }
}
