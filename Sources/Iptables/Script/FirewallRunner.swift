import Diagnostics
import PacketModel
import Shell

/// Knows the commands of firewalls: does to our rules what they would do to those of the kernel.
struct FirewallRunner: ShellCommandRunner, Sendable {
    struct Report: Sendable {
        var diagnostic: Diagnostic
        /// It comes from what was done before, and might not come in another outcome.
        var dependsOnState: Bool
        /// What is not understood, and taken to leave the rules alone.
        var program: String?
    }

    let source: SourceFile
    let names: NameDatabase
    var rulesets: [IPFamily: LoadedRuleset] = [:]
    var ipsets: Ipsets
    var commands: [ScriptCommand] = []
    var diagnostics: [Report] = []

    init(source: SourceFile, names: NameDatabase) {
        self.source = source
        self.names = names
        ipsets = Ipsets(names: names)
    }

    mutating func run(_ invocation: ShellInvocation) -> ShellReply? {
        guard let path = invocation.words.first?.knownString else { return runUnnamed(invocation) }
        if let reply = refuseUnsplit(path, invocation) { return reply }
        let name = String(path.split(separator: "/").last ?? "")
        // The script of a service, and not the program that it is named after.
        if path.contains("/init.d/") || path.contains("/rc.d/"), Self.isTool(name) {
            var inner = invocation
            inner.words[0] = ShellText("service")
            inner.words.insert(ShellText(name), at: 1)
            inner.wordRanges.insert(invocation.wordRanges[0], at: 1)
            return runForeign("service", inner)
        }
        if name.hasPrefix("xtables-"), name.hasSuffix("-multi"), invocation.words.count > 1 {
            var inner = invocation
            inner.words.removeFirst()
            inner.wordRanges.removeFirst()
            return run(inner)
        }
        switch FirewallTool(name) {
        case .command(let family): return runIptables(invocation, family)
        case .restore(let family): return restore(invocation, family)
        case .save(let family): return save(invocation, family)
        case nil: break
        }
        switch name {
        case "ipset": return runIpset(invocation)
        case "sysctl": return runSysctl(invocation)
        case ".": return readUnknownFile(invocation)
        default: break
        }
        return runForeign(name, invocation)
    }

    /// What changes rules and is not followed.
    private mutating func runForeign(_ name: String, _ invocation: ShellInvocation) -> ShellReply? {
        if let reason = ForeignCommand.reason(name, invocation.words.dropFirst().map(\.shown)) {
            record(.foreign, invocation)
            let hasRules =
                ForeignCommand.runsWords(name)
                && invocation.words.contains { $0.knownString.map(Self.isTool) ?? false }
            let words =
                hasRules ? "the rules that it makes are missing here" : "the rules may be others after it"
            report(
                Refusal("command.foreign", "\(name) \(reason): \(words)"),
                invocation,
                severity: hasRules ? .error : .warning
            )
            return ShellReply(.unknown("`\(invocation.shown)` succeeds"))
        }
        return nil
    }

    /// `$IPT` is one word where `IFS` has no blank, and there is no program of such a name.
    private mutating func refuseUnsplit(_ path: String, _ invocation: ShellInvocation) -> ShellReply? {
        let words = path.split(whereSeparator: \.isWhitespace)
        guard words.count > 1, Self.isTool(String(words[0])) else { return nil }
        report(
            Refusal(
                "command.unsplit",
                "there is no program `\(path)`: the word is not split into several here"
            ),
            invocation,
            severity: severity(invocation, dependsOnState: false)
        )
        return ShellReply(.known(127))
    }

    /// `. FILE` may do to the rules what it likes, but for files that distributions have on all hosts.
    private mutating func readUnknownFile(_ invocation: ShellInvocation) -> ShellReply? {
        guard let path = invocation.words.last?.shown, !Self.isHarmlessFile(path) else { return nil }
        record(.foreign, invocation)
        report(
            Refusal(
                "command.foreign",
                "\(path) is not read: the names that it sets and the rules may be others after it"
            ),
            invocation,
            severity: .warning
        )
        return ShellReply(.unknown("`. \(path)` succeeds"))
    }

    private static func isHarmlessFile(_ path: String) -> Bool {
        [
            "/etc/init.d/functions", "/etc/rc.d/init.d/functions", "/lib/lsb/init-functions",
            "/etc/rc.status",
            "/etc/rc.conf", "/etc/rc.d/functions", "/etc/os-release", "/usr/lib/os-release",
            "/etc/lsb-release",
            "/etc/profile", "/lib/functions.sh", "/lib/functions/network.sh", "/lib/init/vars.sh",
            "/etc/rc.common",
        ]
        .contains(path)
    }

    mutating func pass(_ invocation: ShellInvocation) {
        let name = invocation.words[0].knownString?.split(separator: "/").last
        if let name, Self.harmless.contains(String(name)) { return }
        if looksLikeRule(invocation) {
            missRule(invocation)
            return
        }
        record(.unknown, invocation)
        report(
            Refusal(
                "command.unknown",
                "programs taken to leave the rules alone: \(invocation.words[0].shown)"
            ),
            invocation,
            severity: .note
        )
        diagnostics[diagnostics.count - 1].program = invocation.words[0].shown
    }

    /// Programs that make text of text, or look after files: nothing of theirs is a matter of rules.
    private static let harmless: Set<String> = [
        "grep", "egrep", "fgrep", "zgrep", "awk", "gawk", "mawk", "sed", "cut", "tr", "sort", "uniq", "head",
        "tail", "wc", "date", "hostname", "uname", "expr", "rm", "mkdir", "touch", "chmod", "chown", "ls",
        "cp", "mv", "mktemp", "clear", "tput", "stty",
    ]

    mutating func write(_ text: ShellText, to path: ShellText, by invocation: ShellInvocation) {
        let name = path.shown
        guard name.hasPrefix("/proc/sys/") else { return }
        let setting = String(name.dropFirst("/proc/sys/".count)).replacing("/", with: ".")
        let value = text.shown.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        record(.setting(name: setting, value: value), invocation)
    }

    /// `$IPT -A INPUT …` with nobody knowing what `$IPT` is.
    private mutating func runUnnamed(_ invocation: ShellInvocation) -> ShellReply? {
        guard let first = invocation.words.dropFirst().first?.knownString, first.hasPrefix("-"),
            first.count == 2 || first.hasPrefix("--")
        else { return nil }
        missRule(invocation)
        return ShellReply(.unknown("`\(invocation.shown)` succeeds"))
    }

    private mutating func missRule(_ invocation: ShellInvocation) {
        record(.foreign, invocation)
        report(
            Refusal(
                "command.unnamed",
                "\(invocation.words[0].shown) is not known: if it is iptables, what the command does is missing here"
            ),
            invocation,
            severity: .error,
            dependsOnState: true
        )
    }

    /// The words of iptables after a name that is none of its (an alias, say).
    private func looksLikeRule(_ invocation: ShellInvocation) -> Bool {
        let words = invocation.words.dropFirst().map(\.shown)
        guard let first = words.first, ["-A", "-I", "-D", "-P", "-N", "-F", "-X", "-t"].contains(first) else {
            return false
        }
        return words.contains { BuiltInChain(rawValue: $0) != nil || $0 == "-j" }
    }

    private static func isTool(_ word: String) -> Bool {
        FirewallTool(String(word.split(separator: "/").last ?? "")) != nil
    }

    @discardableResult
    mutating func record(_ kind: ScriptCommand.Kind, _ invocation: ShellInvocation) -> Int {
        commands.append(
            ScriptCommand(
                kind: kind,
                words: invocation.words.map(\.shown),
                range: invocation.range,
                assumptions: invocation.assumptions,
                isRepeated: invocation.isRepeated
            )
        )
        return commands.count - 1
    }

    mutating func report(
        _ refusal: Refusal,
        _ invocation: ShellInvocation,
        severity: Diagnostic.Severity,
        dependsOnState: Bool = false,
        in file: SourceFile? = nil
    ) {
        let source = file ?? source
        var refusal = refusal
        if !isVerbatim(invocation.range, in: source) { refusal.fix = refusal.fix.map { Fix($0.words) } }
        let diagnostic = refusal.diagnostic(in: source, invocation.range, severity: severity)
        diagnostics.append(Report(diagnostic: diagnostic, dependsOnState: dependsOnState))
    }

    /// Whether the words of the command are those of the text; what a shell puts in their place cannot be edited there.
    private func isVerbatim(_ range: SourceRange, in source: SourceFile) -> Bool {
        let text = source.bytes[min(range.start, source.bytes.count)..<min(range.end, source.bytes.count)]
        return !text.contains { "$`\\*?[{".utf8.contains($0) }
    }

    /// What a script expects to fail, or looks at, is no error of it.
    func severity(_ invocation: ShellInvocation, dependsOnState: Bool) -> Diagnostic.Severity {
        guard invocation.isTested || invocation.isSilenced else { return .error }
        return dependsOnState ? .note : .warning
    }
}

/// A tool of iptables by its name.
enum FirewallTool {
    case command(IPFamily)
    case restore(IPFamily)
    case save(IPFamily)

    init?(_ name: String) {
        var parts = name.split(separator: "-")[...]
        guard let first = parts.popFirst() else { return nil }
        let family: IPFamily
        switch first {
        case "iptables": family = .ipv4
        case "ip6tables": family = .ipv6
        default: return nil
        }
        if parts.first == "nft" || parts.first == "legacy" { parts.removeFirst() }
        switch (parts.first, parts.count) {
        case (nil, _): self = .command(family)
        case ("restore", 1): self = .restore(family)
        case ("save", 1): self = .save(family)
        default: return nil
        }
    }
}
