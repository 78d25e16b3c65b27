import Diagnostics
import PacketModel

/// What the reader of one policy knows so far, and what it has to complain about.
struct Reading {
    let source: SourceFile
    let environment: PolicyEnvironment
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var errorCount = 0
    /// Diagnostics beyond ``mostDiagnostics``.
    private(set) var unshown = 0

    var services = NameTable<ServiceSet>(kind: "service", code: "policy.service")
    var sets = NameTable<AddressSet>(kind: "set", code: "policy.set")
    var interfaces = NameTable<[InterfacePattern]>(kind: "name", code: "policy.interface")
    var accounts: Accounts?
    /// The files that sets were read from, each by its whole path.
    var setFiles: [SourceFile] = []
    /// The DNS names that sets are made of.
    private(set) var hosts: [HostName] = []
    /// The sets that are made of some, by way of others too.
    private(set) var setsOfHosts: Set<String> = []
    /// How often addresses of names were written down so far.
    private(set) var hostMentions = 0

    init(source: SourceFile, environment: PolicyEnvironment) {
        self.source = source
        self.environment = environment
    }

    /// Nobody reads more; a file of another kind has an error on every line.
    static let mostDiagnostics = 1_000

    mutating func report(_ diagnostic: Diagnostic) {
        if diagnostic.severity == .error { errorCount += 1 }
        if diagnostics.count < Self.mostDiagnostics { diagnostics.append(diagnostic) } else { unshown += 1 }
    }

    /// The addresses that a name stands for now.
    mutating func addresses(of host: HostName, at range: SourceRange) -> AddressSet {
        hostMentions += 1
        if !hosts.contains(host) { hosts.append(host) }
        guard let known = environment.hosts[host.name] else {
            warn(
                "policy.host.unknown",
                "`\(host.name)` is not resolved here",
                at: range,
                notes: ["`plan` and `apply` will resolve it"]
            )
            return AddressSet()
        }
        let usable = known.filter { HostAnswer.isUsable($0, allowingPrivate: host.allowsPrivate) }
        return AddressSet(usable.compactMap { Prefix(of: $0, length: $0.family.addressWidth) })
    }

    mutating func noteHosts(in set: String) { setsOfHosts.insert(set) }

    mutating func mentionHosts() { hostMentions += 1 }

    /// The nearest right spelling; none is looked for when nobody would see it.
    func suggestion(for word: String, among known: some Sequence<String>) -> Fix? {
        diagnostics.count < Self.mostDiagnostics ? NearestSpelling.fix(for: word, among: known) : nil
    }

    mutating func report(
        _ code: String,
        _ message: String,
        at range: SourceRange,
        _ label: String = "",
        also secondary: [(range: SourceRange, message: String)] = [],
        notes: [String] = [],
        fix: Fix? = nil
    ) {
        let others = secondary.map { Diagnostic.Label(source, $0.range, $0.message) }
        let place = Diagnostic.Label(source, range, label)
        report(Diagnostic(code: code, message, at: place, also: others, notes: notes, fix: fix))
    }

    mutating func warn(
        _ code: String,
        _ message: String,
        at range: SourceRange,
        _ label: String = "",
        also secondary: [(range: SourceRange, message: String)] = [],
        notes: [String] = [],
        fix: Fix? = nil
    ) {
        let others = secondary.map { Diagnostic.Label(source, $0.range, $0.message) }
        let place = Diagnostic.Label(source, range, label)
        report(Diagnostic(.warning, code: code, message, at: place, also: others, notes: notes, fix: fix))
    }

    /// A value of the wrong kind.
    mutating func reportType(_ node: YAMLNode, expected: String, fix: Fix? = nil) {
        let label = "this is \(node.description)"
        report("policy.value.type", "expected \(expected)", at: firstLine(of: node), label, fix: fix)
    }

    /// A problem of a scalar's text, placed at the part of it that is wrong.
    mutating func report(_ problem: TextProblem, in node: YAMLNode, fix: Fix? = nil) {
        let place = range(of: problem.part, in: node)
        report(
            problem.code,
            problem.message,
            at: place,
            problem.label,
            notes: problem.notes,
            fix: fix ?? problem.fix.map { self.fix($0, of: node) }
        )
    }

    /// A node, or its first line when it has several.
    func firstLine(of node: YAMLNode) -> SourceRange {
        firstLine(of: node.range)
    }

    func firstLine(of range: SourceRange) -> SourceRange {
        SourceRange(range.start, min(range.end, source.lineRange(of: range.start).end))
    }

    private func range(of part: Substring?, in node: YAMLNode) -> SourceRange {
        guard let part, let scalar = node.scalar else { return node.range }
        let (text, length) = (part.base, node.range.end - node.range.start)
        // A text with escapes or line breaks has no byte-for-byte place in the source.
        let margin = (length - text.utf8.count) / 2
        let isVerbatim = length == text.utf8.count + (scalar.style == .quoted ? 2 : 0)
        guard isVerbatim, text == scalar.text else { return node.range }
        let start = node.range.start + margin + text.utf8.distance(from: text.startIndex, to: part.startIndex)
        return SourceRange(start, start + part.utf8.count)
    }
}

/// What is wrong with a text such as `tcp/90-80`, apart from where it stands.
struct TextProblem: Error {
    let code: String
    let message: String
    /// The part of the text that is wrong; nil for all of it.
    let part: Substring?
    let label: String
    let notes: [String]
    let fix: TextRepair?

    init(
        _ code: String,
        _ message: String,
        _ part: Substring? = nil,
        _ label: String = "",
        notes: [String] = [],
        fix: TextRepair? = nil
    ) {
        self.code = code
        self.message = message
        self.part = part
        self.label = label
        self.notes = notes
        self.fix = fix
    }
}
