import Diagnostics
import Shell

extension FirewallRunner {
    /// `ipset create|add|del|flush|destroy|rename|swap|restore|list|test`
    mutating func runIpset(_ invocation: ShellInvocation) -> ShellReply {
        let place = record(.ipset, invocation)
        if invocation.words.contains(where: { !$0.isKnown }) {
            report(
                Refusal("ipset.open", "the sets may hold other addresses: \(invocation.shown) is not known"),
                invocation,
                severity: .warning
            )
        }
        let words = invocation.words.dropFirst().map(\.shown)
        let ignoresExisting = words.contains { $0 == "-exist" || $0 == "-!" || $0 == "--exist" }
        let plain = words.filter { !["-exist", "-!", "--exist", "-q", "-quiet", "--quiet"].contains($0) }
        if ["restore", "-R", "--restore", "-restore"].contains(plain.first) {
            guard let input = invocation.input?.text, input.onlyUnknownName == nil else {
                report(
                    Refusal("ipset.open", "which sets are loaded is not known"),
                    invocation,
                    severity: .warning
                )
                return ShellReply(.unknown("`\(invocation.shown)` succeeds"))
            }
            for line in input.lines {
                let words = line.shown.split(separator: " ").map(String.init)
                guard let first = words.first, !first.hasPrefix("#") else { continue }
                let ignores = ignoresExisting || words.contains("-exist")
                if let refusal = change(words.filter { $0 != "-exist" }, ignores) {
                    return refuse(refusal, invocation, place, dependsOnState: true, status: 1)
                }
            }
            return ShellReply(.known(0))
        }
        if ["list", "-L", "save", "-S", "version", "help"].contains(plain.first), plain.count < 2 {
            return ShellReply(.known(0), output: ShellText(unknown: Unknown("`\(invocation.shown)`")))
        }
        if let refusal = change(plain, ignoresExisting) {
            return refuse(refusal, invocation, place, dependsOnState: true, status: 1)
        }
        let isQuestion = ["list", "-L", "save", "-S", "test", "-T"].contains(plain.first)
        return ShellReply(
            .known(0),
            output: isQuestion ? ShellText(unknown: Unknown("`\(invocation.shown)`")) : ShellText()
        )
    }

    /// One command of ipset; why it is refused, if it is.
    private mutating func change(_ words: [String], _ ignoresExisting: Bool) -> Refusal? {
        let name = words.count > 1 ? words[1] : nil
        func missing(_ name: String) -> Refusal {
            Refusal(
                "ipset.unknown",
                "there is no set \(name)",
                fix: NearestSpelling.fix(for: name, among: sets.keys)
            )
        }
        switch words.first {
        case "create", "-N", "--create", "n":
            guard let name, words.count > 2 else {
                return Refusal("ipset.words", "create needs a name and a type")
            }
            if sets[name] != nil {
                return ignoresExisting ? nil : Refusal("ipset.exists", "there is a set \(name) already")
            }
            sets[name] = ScriptSet(type: words[2], options: Array(words.dropFirst(3)), entries: [])
        case "add", "-A", "--add", "del", "-D", "--del":
            guard let name, words.count > 2 else { return Refusal("ipset.words", "the entry is missing") }
            guard sets[name] != nil else { return missing(name) }
            let isAdding = ["add", "-A", "--add"].contains(words[0])
            let entry = words.dropFirst(2).joined(separator: " ")
            if isAdding {
                sets[name]?.entries.append(entry)
            } else {
                sets[name]?.entries.removeAll { $0 == entry || $0.hasPrefix(entry + " ") }
            }
        case "flush", "-F", "--flush":
            guard let name else {
                for name in sets.keys { sets[name]?.entries = [] }
                return nil
            }
            guard sets[name] != nil else { return missing(name) }
            sets[name]?.entries = []
        case "destroy", "-X", "--destroy", "x":
            guard let name else {
                sets = [:]
                return nil
            }
            guard sets.removeValue(forKey: name) != nil else { return missing(name) }
        case "rename", "-E", "--rename", "swap", "-W", "--swap", "e", "w":
            guard let name, words.count > 2 else { return Refusal("ipset.words", "two names are needed") }
            guard let first = sets[name] else { return missing(name) }
            if ["rename", "-E", "--rename", "e"].contains(words[0]) {
                if sets[words[2]] != nil {
                    return Refusal("ipset.exists", "there is a set \(words[2]) already")
                }
                sets[name] = nil
            } else {
                guard let second = sets[words[2]] else { return missing(words[2]) }
                sets[name] = second
            }
            sets[words[2]] = first
        case "list", "-L", "save", "-S", "test", "-T":
            if let name, sets[name] == nil { return missing(name) }
        default: return Refusal("ipset.words", "ipset has no command \(words.first ?? "")")
        }
        return nil
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
