import Diagnostics
import PacketModel
import Shell

extension FirewallRunner {
    /// `iptables …`
    mutating func runIptables(_ invocation: ShellInvocation, _ family: IPFamily) -> ShellReply {
        let place = record(.rules(family), invocation)
        let given = zip(invocation.words, invocation.wordRanges).dropFirst()
        if given.contains(where: { !$0.0.isKnown }) {
            let words = given.map {
                PartlyKnownWord(
                    text: $0.0.shown,
                    unknowns: $0.0.gaps.map(\.unknown.name),
                    range: $0.1,
                    isSingle: isQuoted($0.1)
                )
            }
            return runPartlyKnown(words, invocation, family, place)
        }
        let words = given.map { Word($0.0.bytes, $0.1) }
        var read = CommandReader.commandLine(words, family: family, names: names)
        for warning in read.warnings { report(warning, invocation, severity: .warning) }
        if let refusal = read.refusal {
            return refuse(refusal, invocation, place, dependsOnState: false, status: 2)
        }
        guard var command = read.command else { return ShellReply(.known(0)) }
        read.command = nil
        command.setRange(invocation.range)
        if let refusal = missingSet(command) {
            return refuse(refusal, invocation, place, dependsOnState: true, status: 2)
        }
        let cost = rulesets[family]?.cost(of: command, in: read.table) ?? 0
        do throws(Refusal) {
            try rulesets[family, default: LoadedRuleset(family: family)].apply(command, in: read.table)
        } catch {
            var reply = refuse(error, invocation, place, dependsOnState: true, status: 1)
            reply.cost = cost + 10 + (rulesets[family]?.ruleCount ?? 0) / 5
            return reply
        }
        switch command.action {
        case .list(let chain, let listing):
            let ruleset = rulesets[family] ?? LoadedRuleset(family: family)
            let output = ruleset.listed(chain, listing, in: read.table, names: names)
            if listing.isZeroed { commands[place].changes = [.command(command, read.table)] }
            return ShellReply(
                .known(0),
                output: output ?? ShellText(unknown: Unknown("`\(invocation.shown)`")),
                cost: output == nil ? 0 : ruleset.ruleCount / 2
            )
        case .check: break
        default: commands[place].changes = [.command(command, read.table)]
        }
        return ShellReply(.known(0), cost: cost)
    }

    mutating func refuse(
        _ refusal: Refusal,
        _ invocation: ShellInvocation,
        _ place: Int,
        dependsOnState: Bool,
        status: Int
    ) -> ShellReply {
        let refusal = refusal.at(invocation.range)
        commands[place].refusals.append(refusal)
        report(
            refusal,
            invocation,
            severity: severity(invocation, dependsOnState: dependsOnState),
            dependsOnState: dependsOnState
        )
        return ShellReply(.known(status))
    }

    /// Some words are not known: a rule is kept with them, at its place; of everything else nobody knows what it does.
    private mutating func runPartlyKnown(
        _ words: [PartlyKnownWord],
        _ invocation: ShellInvocation,
        _ family: IPFamily,
        _ place: Int
    ) -> ShellReply {
        let reader = PartlyKnownReader(words, range: invocation.range)
        let unknowns = Set(words.flatMap(\.unknowns)).sorted().joined(separator: ", ")
        var table = BuiltInTable.filter
        if let name = reader.table, !reader.hasUnknownPlace {
            guard let known = BuiltInTable(rawValue: name) else {
                let refusal = Refusal("save.table.unknown", "iptables has no table \(name)")
                return refuse(refusal, invocation, place, dependsOnState: false, status: 3)
            }
            table = known
        }
        if reader.isQuestion { return ShellReply(.unknown("`\(invocation.shown)` succeeds")) }
        if reader.onlyEmpties, rulesets[family]?.isBlank ?? true { return ShellReply(.known(0)) }
        let chains = rulesets[family]?.tables[table]?.chains ?? LoadedTable(table, family: family).chains
        let context = ReadingContext(family: family, table: table.rawValue, chain: "", names: names)
        var added: (command: Command, warnings: [Refusal])?
        if !reader.hasUnknownPlace {
            do throws(Refusal) {
                added = try reader.command(words, context, isCommandLine: true) { chains[$0] != nil }
            } catch {
                return refuse(error, invocation, place, dependsOnState: false, status: 2)
            }
        }
        guard var command = added?.command else {
            if reader.isDeletion {
                let refusal = Refusal("command.open", "no rule is taken out, as \(unknowns) is not known")
                report(refusal, invocation, severity: .warning, dependsOnState: true)
            } else {
                let refusal = Refusal(
                    "command.open",
                    "\(unknowns) is not known, and so what the command does to the rules"
                )
                commands[place].refusals.append(refusal.at(invocation.range))
                report(refusal, invocation, severity: .error, dependsOnState: true)
            }
            return ShellReply(.unknown("`\(invocation.shown)` succeeds"))
        }
        for warning in added?.warnings ?? [] { report(warning, invocation, severity: .warning) }
        command.setRange(invocation.range)
        do throws(Refusal) {
            try rulesets[family, default: LoadedRuleset(family: family)].apply(command, in: table)
        } catch {
            return refuse(error, invocation, place, dependsOnState: true, status: 1)
        }
        commands[place].changes = [.command(command, table)]
        report(
            Refusal("rule.open", "the rule is kept as it is: \(unknowns) is not known"),
            invocation,
            severity: .warning,
            dependsOnState: true
        )
        return ShellReply(.unknown("`\(invocation.shown)` succeeds"))
    }

    /// The word stands between double quotes, and is no list of words.
    private func isQuoted(_ range: SourceRange) -> Bool {
        let bytes = source.bytes
        guard range.start >= 0, range.end <= bytes.count, range.end - range.start > 1 else { return false }
        let word = bytes[range.start..<range.end]
        return word.first == Ascii.quote && word.last == Ascii.quote && !word.contains(UInt8(ascii: "@"))
            && word.count(where: { $0 == Ascii.quote }) == 2
    }
}

extension LoadedRuleset {
    /// With a chain counted as a rule.
    var ruleCount: Int {
        tables.values.reduce(0) { $1.chains.values.reduce($0) { $0 + $1.rules.count + 1 } }
    }

    /// What the command looks at, in commands.
    func cost(of command: Command, in table: BuiltInTable) -> Int {
        switch command.action {
        case .delete(let chain, _), .check(let chain, _):
            (tables[table]?.chains[chain]?.rules.count ?? 0) / 100
        case .zero, .rename: ruleCount / 50
        case .list(_, let listing) where listing.isZeroed: ruleCount / 50
        default: 0
        }
    }

    /// There is no rule, and no chain but those that are always there.
    var isBlank: Bool {
        tables.values.allSatisfy { $0.chains.values.allSatisfy { $0.rules.isEmpty && $0.policy != nil } }
    }

    /// The rules of which no word is unknown.
    var knownRuleCount: Int {
        tables.values.reduce(0) { $1.chains.values.reduce($0) { $0 + $1.rules.count { $0.unknown == nil } } }
    }

    package var hasUnknownRules: Bool {
        tables.values.contains { $0.chains.values.contains { $0.rules.contains { $0.unknown != nil } } }
    }
}

extension Command {
    /// Every rule of it stands where the command does.
    mutating func setRange(_ range: SourceRange) {
        func placed(_ rules: [RuleSyntax]) -> [RuleSyntax] {
            rules.map {
                var rule = $0
                rule.range = range
                return rule
            }
        }
        self.range = range
        switch action {
        case .append(let chain, let rules): action = .append(chain: chain, placed(rules))
        case .insert(let chain, let number, let rules):
            action = .insert(chain: chain, number: number, placed(rules))
        case .replace(let chain, let number, var rule):
            rule.range = range
            action = .replace(chain: chain, number: number, rule)
        default: break
        }
    }
}
