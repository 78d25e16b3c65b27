import Diagnostics
import Shell

extension FirewallRunner {
    /// `ipset create|add|del|flush|destroy|rename|swap|restore|list|test`
    mutating func runIpset(_ invocation: ShellInvocation) -> ShellReply {
        let place = record(.ipset, invocation)
        let isKnown = invocation.words.allSatisfy(\.isKnown)
        if !isKnown { reportOpen(invocation.shown, invocation) }
        let plain = invocation.words.dropFirst().filter { !Self.everywhere.contains($0.shown) }
        let words = plain.map(\.shown)
        let verb = words.first.flatMap(IpsetVerb.init)
        // What is not known is not there already because it is written in the same way.
        let ignoresExisting = !isKnown || invocation.words.contains { Self.ignoring.contains($0.shown) }
        // In a loop it may not be run at all.
        defer {
            if !isKnown || invocation.isRepeated {
                let isOfOne = verb == .create || verb == .add || verb == .delete
                change(.open(isOfOne && plain.count > 1 ? plain[1].knownString : nil), place)
            }
        }
        if verb == .restore {
            return restoreIpsets(invocation, place, ignoresExisting: ignoresExisting)
        }
        if verb == .list || verb == .help, words.count < 2 {
            return ShellReply(.known(0), output: ShellText(unknown: Unknown("`\(invocation.shown)`")))
        }
        if let refusal = change(.command(words, ignoresExisting: ignoresExisting), place) {
            return refuse(refusal, invocation, place, dependsOnState: true, status: 1)
        }
        let isQuestion = verb == .list || verb == .test
        return ShellReply(
            .known(0),
            output: isQuestion ? ShellText(unknown: Unknown("`\(invocation.shown)`")) : ShellText()
        )
    }

    private static let ignoring: Set<String> = ["-exist", "-!", "--exist"]
    /// Options that any command of ipset takes.
    private static let everywhere = ignoring.union(["-q", "-quiet", "--quiet"])

    private mutating func restoreIpsets(_ invocation: ShellInvocation, _ place: Int, ignoresExisting: Bool)
        -> ShellReply
    {
        guard let input = invocation.input?.text, input.onlyUnknownName == nil else {
            report(
                Refusal("ipset.open", "which sets are loaded is not known"),
                invocation,
                severity: .warning
            )
            change(.open(nil), place)
            return ShellReply(.unknown("`\(invocation.shown)` succeeds"))
        }
        for line in input.lines {
            let words = line.shown.split(separator: " ").map(String.init)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            if !line.isKnown {
                reportOpen(line.shown, invocation)
                change(.open(nil), place)
                continue
            }
            let ignores = ignoresExisting || words.contains("-exist")
            let plain = words.filter { $0 != "-exist" }
            if let refusal = change(.command(plain, ignoresExisting: ignores), place) {
                return refuse(refusal, invocation, place, dependsOnState: true, status: 1)
            }
        }
        return ShellReply(.known(0))
    }

    private mutating func reportOpen(_ words: String, _ invocation: ShellInvocation) {
        report(
            Refusal("ipset.open", "the sets may hold other addresses: \(words) is not known"),
            invocation,
            severity: .warning
        )
    }

    @discardableResult
    private mutating func change(_ sets: Ipsets.Change, _ place: Int) -> Refusal? {
        if let refusal = ipsets.apply(sets) { return refusal }
        commands[place].changes.append(.ipset(sets))
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
