package import Diagnostics
package import Netfilter
import PacketModel

/// Says of packets which rules they meet, in the words and at the lines of the source.
package struct RulesetExplainer: Sendable {
    /// A rule that matched, or a policy.
    package struct Step: Sendable {
        package let table: String
        package let chain: String
        /// From 1; nil for the policy.
        package let rule: Int?
        /// Where the rule stands in the source, from 1.
        package let line: Int?
        /// The target as iptables writes it; nil for a rule without one.
        package let action: String?
        /// The rule as iptables-save prints it; the policy as it declares it.
        package let text: String
    }

    package let loaded: LoadedRuleset
    package var simulator: Simulator
    private let source: SourceFile
    private let names: NameDatabase
    private let tables: [Table]
    /// The steps in JSON, chain after chain, the policy before the rules; empty until a packet has come there.
    private var encoded: [[UInt8]] = []

    private struct Table: Sendable {
        var table: LoadedTable
        var chainNames: [String]
        /// Where each chain begins in ``encoded``.
        var starts: [Int] = []
    }

    package init(
        _ loaded: LoadedRuleset,
        knowing ipsets: Ipsets = Ipsets(),
        from source: SourceFile,
        names: NameDatabase
    ) {
        self.loaded = loaded
        self.source = source
        self.names = names
        let ruleset = loaded.meaning(names: names, ipsets: ipsets)
        simulator = Simulator(ruleset, family: loaded.family, tracksConnections: loaded.tracksConnections)
        var count = 0
        tables = loaded.orderedTables.map { loaded in
            var table = Table(table: loaded, chainNames: loaded.chainNames)
            for name in table.chainNames {
                table.starts.append(count)
                count += 1 + (loaded.chains[name]?.rules.count ?? 0)
            }
            return table
        }
        encoded = Array(repeating: [], count: count)
    }

    /// Runs the packet; its time is that of the one before unless it says another.
    package mutating func explain(_ description: PacketDescription) -> Outcomes {
        if let time = description.time {
            (simulator.time, simulator.isDated) = (time.nanoseconds, time.isDate)
        }
        return simulator.explore(description.packet)
    }

    /// Nil for a step of other rules.
    package func step(_ step: Trace.Step) -> Step? {
        let table = tables[step.table]
        let name = table.chainNames[step.chain]
        guard let chain = table.table.chains[name] else { return nil }
        guard let number = step.rule else {
            return chain.policy.map { Step(policy: $0, of: name, in: table.table.table) }
        }
        let rule = chain.rules[number]
        var writer = RuleWriter(family: loaded.family, names: names, showsCounters: false)
        writer.write(rule, chain: name)
        return Step(
            table: table.table.table.rawValue,
            chain: name,
            rule: number + 1,
            line: source.lineNumber(of: rule.range.start),
            action: rule.actionName,
            text: String(decoding: writer.output.dropLast(), as: UTF8.self)
        )
    }

    private mutating func json(_ step: Trace.Step) -> [UInt8] {
        let place = tables[step.table].starts[step.chain] + (step.rule.map { $0 + 1 } ?? 0)
        if encoded[place].isEmpty { encoded[place] = Array((self.step(step)?.json ?? "").utf8) }
        return encoded[place]
    }

    /// The words that the outcome depends on.
    package func unknowns(_ outcomes: Outcomes) -> [String] {
        var words: [String] = []
        for word in outcomes.unknowns.map(simulator.unknown) where !words.contains(word) {
            words.append(word)
        }
        return words
    }

    /// One object on a line of its own: `verdict`, `path`, and what it depends on where something is not known.
    package mutating func write(_ outcomes: Outcomes, to output: inout [UInt8]) {
        append("{\"verdict\":\"\(outcomes.verdict)\"", &output)
        if !outcomes.unknowns.isEmpty {
            let words = unknowns(outcomes).map(JSONValue.quoted).joined(separator: ",")
            append(",\"depends\":[\(words)]", &output)
            if outcomes.fates.count > 1 {
                let fates = outcomes.fates.map { "\"\($0.rawValue)\"" }.sorted().joined(separator: ",")
                append(",\"verdicts\":[\(fates)]", &output)
            }
        }
        append(",\"path\":[", &output)
        var isFirst = true
        for step in outcomes.trace.path {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            output.append(contentsOf: json(step))
        }
        append(outcomes.trace.isExpired ? "],\"expired\":true}\n" : "]}\n", &output)
    }

    private func append(_ text: String, _ output: inout [UInt8]) { output.append(contentsOf: text.utf8) }
}

extension Outcomes {
    /// `accept`, `drop`, `reject`, `queue`; `depends` where what is not known decides.
    package var verdict: String { fates.count == 1 && isComplete ? trace.fate.rawValue : "depends" }
}

extension RulesetExplainer.Step {
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

    fileprivate var json: String {
        let rule = rule.map(String.init) ?? "\"policy\""
        let action = action.map(JSONValue.quoted) ?? "null"
        return "{\"table\":\"\(table)\",\"chain\":\(JSONValue.quoted(chain)),\"rule\":\(rule),"
            + "\"line\":\(line.map(String.init) ?? "null"),\"action\":\(action)}"
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
