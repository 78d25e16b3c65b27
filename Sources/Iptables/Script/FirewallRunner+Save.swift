import Diagnostics
import PacketModel
import Shell

extension FirewallRunner {
    private struct SaveOptions {
        var table: String?
        var hasCounters = false
        var file: ShellText?
        var isQuestion = false
        /// A word that is none of its, or not known.
        var isOpen = false
    }

    /// `iptables-save [-c] [-t TABLE] [-f FILE]`: what we have, if all of it is known.
    mutating func save(_ invocation: ShellInvocation, _ family: IPFamily) -> ShellReply {
        let place = record(.rules(family), invocation)
        let options = saveOptions(of: invocation)
        if options.isQuestion { return ShellReply(.known(0)) }
        var only: BuiltInTable?
        if let name = options.table, !options.isOpen {
            guard let table = BuiltInTable(rawValue: name) else {
                let refusal = Refusal("save.table.unknown", "iptables has no table \(name)")
                return refuse(refusal, invocation, place, dependsOnState: false, status: 1)
            }
            only = table
        }
        let ruleset = rulesets[family] ?? LoadedRuleset(family: family)
        var reply = ShellReply(.known(0), cost: ruleset.ruleCount / 2)
        let text =
            options.isOpen || ruleset.hasUnknownRules
            ? ShellText(unknown: Unknown("`\(invocation.shown)`"))
            : ShellText(ruleset.text(names: names, counters: options.hasCounters, only: only))
        if let file = options.file { reply.files = [(file, text)] } else { reply.output = text }
        return reply
    }

    private func saveOptions(of invocation: ShellInvocation) -> SaveOptions {
        var options = SaveOptions()
        var rest = invocation.words.dropFirst()
        while let word = rest.popFirst() {
            switch word.knownString {
            case "-c", "--counters": options.hasCounters = true
            case "-t", "--table":
                guard let name = rest.popFirst()?.knownString else {
                    options.isOpen = true
                    break
                }
                options.table = name
            case "-f", "--file": options.file = rest.popFirst()
            case "-M", "--modprobe": _ = rest.popFirst()
            case "-V", "--version", "-h", "--help": options.isQuestion = true
            case let text? where text.hasPrefix("-t") && text.count > 2:
                options.table = String(text.dropFirst(2))
            case let text? where text.hasPrefix("--table="): options.table = String(text.dropFirst(8))
            case let text? where text.hasPrefix("--file="):
                options.file = ShellText(String(text.dropFirst(7)))
            default: options.isOpen = true
            }
        }
        return options
    }
}
