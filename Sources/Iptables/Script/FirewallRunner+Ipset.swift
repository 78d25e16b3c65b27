import Diagnostics
import PacketModel
import Shell

extension FirewallRunner {
    /// `ipset create|add|del|flush|destroy|rename|swap|restore|list|save|test`
    mutating func runIpset(_ invocation: ShellInvocation) -> ShellReply {
        let place = record(.ipset, invocation)
        let given = Array(invocation.words.dropFirst())
        guard given.allSatisfy(\.isKnown) else { return runOpenIpset(given, invocation, place) }
        let words = given.map(\.shown)
        let command: IpsetCommand
        do throws(Refusal) {
            command = try IpsetCommand(words)
        } catch {
            return refuse(error, invocation, place, dependsOnState: false, status: 2)
        }
        if command.verb == .restore { return restoreIpsets(command, invocation, place) }
        var reply = change(words, invocation, place)
        // In a loop it may not be run at all.
        if invocation.isRepeated { change(.open(command.changedSet), place) }
        guard reply.status == .known(0), [.list, .save].contains(command.verb) else { return reply }
        let text = listed(command, invocation)
        if let file = command.file {
            reply.files = [(ShellText(file), text)]
        } else {
            reply.output = text
        }
        return reply
    }

    /// Does what the words say; why not, if it is refused.
    private mutating func change(_ words: [String], _ invocation: ShellInvocation, _ place: Int) -> ShellReply
    {
        // Only these ask what rules name.
        let asks = words.contains { IpsetVerb($0) == .destroy || IpsetVerb($0) == .rename }
        let used =
            asks ? rulesets.values.reduce(into: Set<String>()) { $0.formUnion($1.setsThatRulesName) } : []
        let outcome = ipsets.apply(.command(words), used: used)
        if outcome.hasChanged { commands[place].changes.append(.ipset(.command(words))) }
        let cost = outcome.cost / 16 + (asks ? rulesets.values.reduce(0) { $0 + $1.ruleCount } / 20 : 0)
        guard let refusal = outcome.refusal else { return ShellReply(.known(0), cost: cost) }
        if refusal.code == "ipset.open" {
            report(refusal, invocation, severity: .warning, dependsOnState: true)
            return ShellReply(.unknown("`\(invocation.shown)` succeeds"), cost: cost)
        }
        var reply = refuse(refusal, invocation, place, dependsOnState: true, status: 1)
        reply.cost = cost
        return reply
    }

    /// A word is not known: the set that it is about may hold anything then.
    private mutating func runOpenIpset(_ words: [ShellText], _ invocation: ShellInvocation, _ place: Int)
        -> ShellReply
    {
        reportOpen(invocation.shown, invocation)
        var plain = words.filter {
            !["-exist", "-!", "--exist", "-q", "-quiet", "--quiet"].contains($0.knownString)
        }
        let verb = plain.isEmpty ? nil : plain.removeFirst().knownString.flatMap { IpsetVerb($0) }
        let name = plain.first?.knownString
        if verb == .create, let name, plain.count > 1, let type = plain[1].knownString {
            let isPort = type == "bitmap:port" || type == "portmap"
            let range =
                type.hasPrefix("bitmap") || type.hasSuffix("map")
                ? ["range", isPort ? "0-65535" : "0.0.0.0/16"] : []
            // It is there from now on, whatever its options are.
            _ = change(["create", name, type, "-exist"] + range, invocation, place)
        }
        let isOfOne = verb == .create || verb == .add || verb == .del || verb == .test || verb == .flush
        if verb != .test, verb != .list, verb != .save { change(.open(isOfOne ? name : nil), place) }
        let output = ShellText(unknown: Unknown("`\(invocation.shown)`"))
        let prints = [.list, .save, .test].contains(verb)
        // What is not known is not there already because it is written in the same way.
        return ShellReply(
            prints ? .unknown("`\(invocation.shown)` succeeds") : .known(0),
            output: prints ? output : ShellText()
        )
    }

    private mutating func restoreIpsets(_ command: IpsetCommand, _ invocation: ShellInvocation, _ place: Int)
        -> ShellReply
    {
        let written = command.file.flatMap { file in
            invocation.words.firstIndex { $0.knownString == file }.flatMap { invocation.files[$0] }
        }
        let input = command.file == nil ? invocation.input?.text : written
        guard let input, input.onlyUnknownName == nil else {
            report(
                Refusal("ipset.open", "which sets are loaded is not known"),
                invocation,
                severity: .warning
            )
            change(.open(nil), place)
            return ShellReply(.unknown("`\(invocation.shown)` succeeds"))
        }
        var cost = 0
        for (number, line) in zip(1..., input.lines) {
            guard line.isKnown else {
                reportOpen(line.shown, invocation)
                change(.open(nil), place)
                continue
            }
            guard var words = Self.words(of: line.shown) else {
                let refusal = Refusal("ipset.quote", "line \(number): a quote is not closed")
                return refuse(refusal, invocation, place, dependsOnState: false, status: 1)
            }
            guard let first = words.first, !first.hasPrefix("#"), first != "COMMIT", first != "quit" else {
                continue
            }
            if command.ignoresExisting { words.append("-exist") }
            let outcome = ipsets.apply(.command(words))
            if outcome.hasChanged { commands[place].changes.append(.ipset(.command(words))) }
            cost += 1 + outcome.cost / 16
            guard var refusal = outcome.refusal else { continue }
            refusal.message = "line \(number), \(line.shown): \(refusal.message)"
            if refusal.code == "ipset.open" {
                report(refusal, invocation, severity: .warning, dependsOnState: true)
                continue
            }
            var reply = refuse(refusal, invocation, place, dependsOnState: true, status: 1)
            reply.cost = cost
            return reply
        }
        return ShellReply(.known(0), cost: cost / 8)
    }

    /// Between blanks, with double quotes around those that have some in them; nil when one is not closed.
    static func words(of line: String) -> [String]? {
        var (words, word, isOpen, isQuoted): ([String], String, Bool, Bool) = ([], "", false, false)
        for letter in line.unicodeScalars {
            if letter == "\"" {
                // Quotes with nothing between them are no word.
                isQuoted.toggle()
            } else if !isQuoted, letter == " " || letter == "\t" {
                if isOpen { words.append(word) }
                (word, isOpen) = ("", false)
            } else {
                word.unicodeScalars.append(letter)
                isOpen = true
            }
        }
        if isOpen { words.append(word) }
        return isQuoted ? nil : words
    }

    /// What `list` and `save` print, with gaps for what the kernel chooses by chance.
    private func listed(_ command: IpsetCommand, _ invocation: ShellInvocation) -> ShellText {
        let open = ShellText(unknown: Unknown("`\(invocation.shown)`"))
        let names = command.words.first.map { [$0] } ?? ipsets.printedOrder
        guard !ipsets.mayHaveOthers || !command.words.isEmpty, command.output != "xml" else { return open }
        var text = ShellText()
        for name in names {
            guard let set = ipsets[name] else { return open }
            if command.onlyNames {
                text.append("\(name)\n".utf8)
                continue
            }
            text.append("Name: \(name)\nType: \(set.type)\n".utf8)
            text.append(ShellText(unknown: Unknown("the head of the set \(name)")))
            guard !command.onlyHeads else { continue }
            text.append("\nMembers:\n".utf8)
            if set.isOpen {
                text.append(ShellText(unknown: Unknown("what the set \(name) holds")))
            } else {
                for line in ipsets.saved(name).dropFirst() {
                    text.append((line.dropFirst("add \(name) ".count) + "\n").utf8)
                }
            }
        }
        return text
    }

    private mutating func reportOpen(_ words: String, _ invocation: ShellInvocation) {
        report(
            Refusal("ipset.open", "the sets may hold other addresses: \(words) is not known"),
            invocation,
            severity: .warning
        )
    }

    private mutating func change(_ sets: Ipsets.Change, _ place: Int) {
        ipsets.apply(sets)
        commands[place].changes.append(.ipset(sets))
    }

    /// A rule that names a set that is not there is refused by the tool.
    func missingSet(_ command: Command) -> Refusal? {
        guard !ipsets.mayHaveOthers, let name = command.sets.first(where: { ipsets[$0] == nil }) else {
            return nil
        }
        return Refusal(
            "ipset.unknown",
            "there is no set \(name), and so the rule is refused",
            fix: NearestSpelling.fix(for: name, among: ipsets.named.keys)
        )
    }

    /// `sysctl -w net.ipv4.ip_forward=1`
    mutating func runSysctl(_ invocation: ShellInvocation) -> ShellReply {
        var isSetting = false
        for word in invocation.words.dropFirst() {
            let parts = word.shown.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, !word.shown.hasPrefix("-") else { continue }
            let name = parts[0].filter { $0 != " " }.replacing("/", with: ".")
            let value = parts[1].split(whereSeparator: \.isWhitespace).joined(separator: " ")
            record(.setting(name: name, value: value), invocation)
            isSetting = true
        }
        if !isSetting { record(.unknown, invocation) }
        let output = isSetting ? ShellText() : ShellText(unknown: Unknown("`\(invocation.shown)`"))
        return ShellReply(.known(0), output: output)
    }
}

extension IpsetCommand {
    /// The only set that it may change; nil for several.
    var changedSet: String? {
        switch verb {
        case .create, .add, .del, .test: words.first
        case .flush, .destroy, .list, .save, .restore, .rename, .swap, .help, .version: nil
        }
    }
}
