import PacketModel
import Shell

/// What `iptables -S` and `iptables -L -n` print, with `-v` too (iptables 1.8.9), while nothing was counted yet.
extension LoadedRuleset {
    /// Nil when it is not known; a rule of which a part is not known makes a line that is not.
    func listed(_ chain: String?, _ listing: ChainListing, in table: BuiltInTable, names: NameDatabase)
        -> ShellText?
    {
        let loaded = tables[table] ?? LoadedTable(table, family: family)
        guard !listing.isVerbose || !listing.isRules else { return nil }
        let chains = chain.map { [$0] } ?? loaded.chainNames
        if listing.isRules { return rules(chains, listing.number, of: loaded, names) }
        var text = ShellText()
        for (place, name) in chains.enumerated() {
            guard let chain = loaded.chains[name] else { return nil }
            if place > 0 { text.append("\n".utf8) }
            if listing.number == nil { text.append(head(name, chain.policy, loaded, listing)) }
            for (number, rule) in zip(1..., chain.rules) where listing.number ?? number == number {
                if listing.hasNumbers { text.append(Self.padded("\(number)", 5).utf8) }
                text.append(listing.isNumeric ? line(rule, listing) : Self.open)
                text.append("\n".utf8)
            }
        }
        return text
    }

    private func rules(_ names: [String], _ number: Int?, of table: LoadedTable, _ database: NameDatabase)
        -> ShellText
    {
        var text = ShellText()
        if number == nil {
            for name in names {
                let policy = table.chains[name]?.policy
                text.append((policy.map { "-P \(name) \($0)\n" } ?? "-N \(name)\n").utf8)
            }
        }
        for name in names {
            for (place, rule) in zip(1..., table.chains[name]?.rules ?? RuleList())
            where number ?? place == place {
                guard rule.unknown == nil else {
                    text.append(ShellText(unknown: Unknown("-A \(name) \(rule.unknown?.text ?? "")")))
                    text.append("\n".utf8)
                    continue
                }
                var writer = RuleWriter(family: family, names: database, showsCounters: false)
                writer.write(rule, chain: name)
                text.append(writer.output)
            }
        }
        return text
    }

    private func head(_ name: String, _ policy: String?, _ table: LoadedTable, _ listing: ChainListing)
        -> ShellText
    {
        let references = table.chains.values.reduce(0) { count, chain in
            count + chain.rules.count { $0.action == .jump(name) || $0.action == .goto(name) }
        }
        var text = ShellText("Chain \(name) (")
        text.append((policy.map { "policy \($0)" } ?? "\(references) references").utf8)
        if listing.isVerbose, policy != nil {
            text.append(" 0 packets, 0 bytes".utf8)
        }
        text.append((")\n" + (listing.hasNumbers ? "num  " : "")).utf8)
        if listing.isVerbose {
            text.append((listing.isExact ? "    pkts      bytes " : " pkts bytes ").utf8)
        }
        let interfaces = listing.isVerbose ? "in     out     " : ""
        text.append("target     prot opt \(interfaces)source               destination         \n".utf8)
        return text
    }

    private static let open = ShellText(unknown: Unknown("the line of a rule"))

    /// The columns; what matches and targets print behind them is not known.
    private func line(_ rule: RuleSyntax, _ listing: ChainListing) -> ShellText {
        var text = ShellText()
        // The columns of ip6tables are others.
        guard rule.unknown == nil, family == .ipv4, let source = Self.address(rule.source),
            let destination = Self.address(rule.destination)
        else { return Self.open }
        var tail = ""
        var isOpen = !rule.matches.isEmpty
        let target: String
        switch rule.action {
        case nil: target = ""
        case .accept: target = "ACCEPT"
        case .drop: target = "DROP"
        case .return: target = "RETURN"
        case .jump(let name): target = name
        case .goto(let name): (target, tail) = (name, "[goto] ")
        case .target(let instance):
            target = instance.syntax.name
            isOpen = true
        }
        let asked = rule.transportProtocol
        let number = (asked?.isNegated ?? false ? "!" : " ") + Self.padded("\(asked?.number ?? 0)", 5)
        let option = rule.isFragment.map { $0 ? "-f" : "!f" } ?? "--"
        if listing.isVerbose {
            text.append((listing.isExact ? "       0        0 " : "    0     0 ").utf8)
        }
        text.append((Self.padded(target, 9) + " " + number + option + " ").utf8)
        if listing.isVerbose {
            text.append((" " + Self.interface(rule.inputInterface)).utf8)
            text.append(Self.interface(rule.outputInterface).utf8)
        }
        text.append((source + destination + tail).utf8)
        if isOpen { text.append(ShellText(unknown: Unknown("what the matches of a rule print"))) }
        return text
    }

    /// Nil for a host of which only the name is known.
    private static func address(_ test: AddressTest?) -> String? {
        guard let test else { return padded(" 0.0.0.0/0", 20) + " " }
        guard let address = test.address else { return nil }
        var text = AddressText.network(address, mask: test.mask)
        if text.hasSuffix("/32") { text.removeLast(3) }
        return padded((test.isNegated ? "!" : " ") + text, 20) + " "
    }

    private static func interface(_ test: InterfaceTest?) -> String {
        let name = test.map { ($0.isNegated ? "!" : "") + String(decoding: $0.name, as: UTF8.self) }
        return padded(name ?? "*", 6) + " "
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.utf8.count))
    }
}
