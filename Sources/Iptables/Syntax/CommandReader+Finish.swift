import Diagnostics
import PacketModel

extension CommandReader {
    /// Judges the whole command after its last word.
    mutating func finish() throws(Refusal) -> Command {
        if let negation { throw Refusal("command.negation", "nothing follows the !", at: negation.range) }
        for place in loaded.indices { try finishExtension(place) }
        guard let verb else {
            throw Refusal("command.missing", "the line has no command such as -A CHAIN", at: range)
        }
        if let waitInterval, !waits {
            throw Refusal("command.wait", "-W needs -w beside it", at: waitInterval.range)
        }
        try checkOptions(of: verb)
        if let chain = verb.chain {
            switch verb.option {
            case .newChain: try ChainName.checkNew(chain)
            default: try ChainName.check(chain)
            }
        }
        return Command(
            action: try action(of: verb),
            range: range,
            chainRange: verb.chain?.range ?? verb.optionRange
        )
    }

    private mutating func finishExtension(_ place: Int) throws(Refusal) {
        let syntax = loaded[place].syntax
        let code = syntax.role.rawValue
        do throws(Refusal) {
            if let need = syntax.protocols, !open.transportProtocol, !need.admits(rule.transportProtocol) {
                let refusal = Refusal(
                    "\(code).protocol",
                    "\(syntax.name) needs \(need.text)",
                    fix: Fix("write \(need.text)")
                )
                let texts = need.text.split(separator: " or ").map(String.init)
                let isFree =
                    self.place(of: .transportProtocol) == nil && texts.allSatisfy { $0.hasPrefix("-p ") }
                throw isFree ? refusal.inserting(texts, at: loaded[place].range.start) : refusal
            }
            if let tables = syntax.tables, !tables.contains(where: { $0.rawValue == context.table }) {
                let names = tables.map(\.rawValue).sorted().joined(separator: " or ")
                throw Refusal("\(code).table", "\(syntax.name) works in the table \(names) only")
            }
            // What an unknown value would say to the others is not known either.
            if loaded[place].open.isEmpty { try loaded[place].finish(context) }
        } catch {
            throw error.at(loaded[place].range)
        }
    }

    /// What may stand beside which command (generic_opt_check of iptables).
    private func checkOptions(of verb: Verb) throws(Refusal) {
        if let odd = seen.first(where: { !isAllowed($0.option, beside: verb) }) {
            throw Refusal(
                "command.option.place",
                "this option cannot be used with -\(verb.option.rawValue)",
                at: odd.range
            )
        }
        // By the name alone, whatever the table has.
        switch context.chain {
        case "PREROUTING", "INPUT":
            if let place = place(of: .outputInterface) {
                throw Refusal(
                    "rule.interface.hook",
                    "packets of \(context.chain) leave by no interface",
                    fix: self.place(of: .inputInterface) == nil ? .write("-i") : nil,
                    at: place
                )
            }
        case "POSTROUTING", "OUTPUT":
            if let place = place(of: .inputInterface) {
                throw Refusal(
                    "rule.interface.hook",
                    "-i cannot be used in \(context.chain)",
                    fix: self.place(of: .outputInterface) == nil ? .write("-o") : nil,
                    at: place
                )
            }
        default: break
        }
    }

    private func isAllowed(_ option: BuiltInOption, beside verb: Verb) -> Bool {
        let isForListing = option == .numeric || option == .exact || option == .lineNumbers
        return switch verb.option {
        case .append, .insert, .replace: !isForListing
        case .delete where verb.number != nil: false
        case .delete, .check: !isForListing && option != .counters
        case .list: isForListing
        default: false
        }
    }

    private mutating func action(of verb: Verb) throws(Refusal) -> Command.Action {
        let chain = verb.chain?.text
        switch verb.option {
        case .append: return .append(chain: context.chain, try rules())
        case .insert: return .insert(chain: context.chain, number: verb.number ?? 1, try rules())
        case .check: return .check(chain: context.chain, try rules())
        case .delete:
            if let number = verb.number { return .deleteNumber(chain: context.chain, number) }
            return .delete(chain: context.chain, try rules())
        case .replace:
            let rules = try rules()
            guard let rule = rules.first, rules.count == 1 else {
                throw Refusal("command.replace", "-R puts one rule in the place of one", at: range)
            }
            return .replace(chain: context.chain, number: verb.number ?? 1, rule)
        case .flush: return .flush(chain: chain)
        case .zero:
            guard let number = verb.second else { return .zero(chain: chain, number: nil) }
            guard isCommandLine else {
                throw Refusal(
                    "command.crash",
                    "iptables-restore 1.8.9 crashes on -Z with a number",
                    at: number.range
                )
            }
            guard let value = NumberText.whole(number.bytes[...], in: 1...UInt64(Int32.max)) else {
                throw Refusal("command.number", "\(number.text) is not a number of a rule", at: number.range)
            }
            return .zero(chain: chain, number: Int(value))
        case .newChain: return .newChain(context.chain)
        case .deleteChain: return .deleteChain(chain)
        case .renameChain: return .rename(context.chain, to: verb.second?.text ?? "")
        case .policy: return .policy(chain: context.chain, verb.second?.text ?? "")
        case .list, .listRules:
            let listing = ChainListing(
                isRules: verb.option == .listRules,
                number: verb.second.flatMap { Int($0.text) },
                isZeroed: isZeroed,
                isNumeric: place(of: .numeric) != nil,
                isVerbose: isVerbose,
                isExact: place(of: .exact) != nil,
                hasNumbers: place(of: .lineNumbers) != nil
            )
            return .list(chain: chain, listing)
        default: throw Refusal("command.missing", "the line has no command", at: range)
        }
    }

    /// The rule for each pair of a source and a destination.
    private mutating func rules() throws(Refusal) -> [RuleSyntax] {
        if loaded.contains(where: { !$0.open.isEmpty }) { leaveOutOpenParts() }
        rule.matches = mergedMatches()
        rule.action = loaded.first { $0.syntax.role == .target }.map { .target($0) } ?? action
        let (from, to) = (
            try addresses(sources, rule.source, .source),
            try addresses(destinations, rule.destination, .destination)
        )
        if from.count == 1, to.count == 1 {
            (rule.source, rule.destination) = (from[0], to[0])
            return [rule]
        }
        return from.flatMap { source in
            to.map { destination in
                var rule = rule
                rule.source = source
                rule.destination = destination
                return rule
            }
        }
    }

    /// Takes away the options that nobody knows, and with them the matches of which they may change the rest.
    private mutating func leaveOutOpenParts() {
        let openTarget = loaded.first { $0.syntax.role == .target && !$0.open.isEmpty }
        if let openTarget { open.target = UnknownTarget(name: openTarget.syntax.name) }
        loaded.removeAll { instance in
            guard !instance.open.isEmpty else { return false }
            return !Self.conjunctions.contains(instance.syntax.name) || instance.given.isEmpty
        }
    }

    /// Matches each of whose options asks for something of its own, so that the others hold without it.
    private static let conjunctions: Set<String> = [
        "conntrack", "dccp", "iprange", "owner", "physdev", "sctp", "tcp", "udp", "udplite",
    ]

    private mutating func addresses(
        _ word: Word?,
        _ test: AddressTest?,
        _ option: BuiltInOption
    ) throws(Refusal) -> [AddressTest?] {
        guard let word, let test else { return [nil] }
        let parts = word.bytes.split(separator: Ascii.comma, omittingEmptySubsequences: false)
        var tests: [AddressTest?] = []
        for part in parts {
            do throws(Refusal) {
                let found = try AddressText.tests(
                    part.drop(while: Ascii.isSpace),
                    isNegated: test.isNegated,
                    context
                )
                for test in found { tests.append(test.mask == 0 ? nil : test) }
                if test.isNegated, tests.contains(nil) {
                    throw Refusal("rule.address.never", "no address is outside of all addresses")
                }
                if found.contains(where: { $0.address == nil }) { warnOfName(word) }
            } catch {
                var refusal = error.at(word.range)
                if let fix = rangeFix(word, option) { refusal.fix = fix }
                throw refusal
            }
        }
        if tests.count > 1, test.isNegated {
            throw Refusal("rule.address.negated", "a list of addresses cannot be negated", at: word.range)
        }
        return tests
    }

    private mutating func warnOfName(_ word: Word) {
        warnings.append(
            Refusal(
                "rule.address.name",
                "iptables looks this name up when it loads the rule: its addresses are not known here",
                at: word.range
            )
        )
    }

    /// What the kernel has one expression for is printed as one match, at the place of the first.
    private func mergedMatches() -> [ExtensionInstance] {
        var matches: [ExtensionInstance] = []
        for instance in loaded where instance.syntax.role == .match && !instance.vanishes {
            let merges = instance.syntax.mergesInKernel
            // Since 1.8.10 also with one that the kernel has no expression for.
            let joinsAny = context.release >= .v1_8_10
            let first = matches.firstIndex {
                $0.syntax.name == instance.syntax.name && (joinsAny || merges($0))
            }
            guard merges(instance), let first else {
                matches.append(instance)
                continue
            }
            for given in instance.given {
                matches[first].given.removeAll { $0.option == given.option }
                matches[first].given.append(given)
            }
            matches[first].given.sort { $0.option < $1.option }
        }
        return matches
    }
}
