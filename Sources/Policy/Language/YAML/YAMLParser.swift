package import Diagnostics
import PacketModel

/// Reads the one document of a source into a tree.
///
/// What the policy language does without is refused here: aliases, anchors, tags, a second document, nesting deeper
/// than ``YAMLParser/deepest``, and a key that stands twice in one mapping.
package struct YAMLParser: ~Copyable {
    /// A policy nests six levels; more than this is an attack or a mistake.
    package static let deepest = 32

    private let source: SourceFile
    private var events: YAMLEvents
    private var diagnostics: [Diagnostic] = []

    /// The tree, unless the text is no YAML or is refused; duplicate keys leave a tree (with the first of each).
    package static func parse(_ source: SourceFile) -> (root: YAMLNode?, diagnostics: [Diagnostic]) {
        if let problem = SourceChecks.problem(in: source) { return (nil, [problem]) }
        var parser = YAMLParser(source)
        do {
            let root = try parser.document()
            return (root, parser.diagnostics)
        } catch {
            return (nil, parser.diagnostics + [error])
        }
    }

    private init(_ source: SourceFile) {
        self.source = source
        events = YAMLEvents(source.bytes)
    }

    private mutating func next() throws(Diagnostic) -> YAMLEvents.Located {
        let located: YAMLEvents.Located
        do {
            located = try events.next()
        } catch {
            throw SyntaxExplanation.diagnostic(for: error, in: source)
        }
        if case .refused(let what) = located.event { throw refusal(of: what, at: located.range) }
        return located
    }

    private mutating func document() throws(Diagnostic) -> YAMLNode {
        _ = try next()
        let start = try next()
        guard case .documentStart = start.event else { throw empty() }
        let root = try node(from: next(), depth: 0)
        _ = try next()
        let second = try next()
        if case .documentStart = second.event {
            throw Diagnostic(
                code: "policy.yaml.documents",
                "a policy is one YAML document",
                at: .init(source, second.range, "a second one begins here"),
                fix: isEmpty(after: second.range.end)
                    ? Fix("leave out the line ---", [Fix.Edit(second.range, "")], safety: .certain) : nil
            )
        }
        if root.isNull { throw empty() }
        return root
    }

    /// Nothing but blanks comes.
    private func isEmpty(after offset: Int) -> Bool {
        source.bytes[min(offset, source.bytes.count)...].allSatisfy { " \t\r\n".utf8.contains($0) }
    }

    private mutating func node(from located: YAMLEvents.Located, depth: Int) throws(Diagnostic) -> YAMLNode {
        switch located.event {
        case .scalar(let scalar):
            return YAMLNode(.scalar(scalar), at: located.range)
        case .sequenceStart:
            return try sequence(from: located, depth: depth + 1)
        case .mappingStart:
            return try mapping(from: located, depth: depth + 1)
        case .streamStart, .documentStart, .documentEnd, .streamEnd, .sequenceEnd, .mappingEnd, .refused:
            // libyaml never sends these where a node begins.
            throw empty()
        }
    }

    private func checkDepth(_ depth: Int, at range: SourceRange) throws(Diagnostic) {
        guard depth > Self.deepest else { return }
        throw Self.tooDeep(at: SourceRange(range.start, range.start + 1), in: source)
    }

    static func tooDeep(at range: SourceRange, in source: SourceFile) -> Diagnostic {
        Diagnostic(
            code: "policy.yaml.depth",
            "lists and mappings are nested more than \(deepest) levels deep",
            at: .init(source, range)
        )
    }

    private mutating func sequence(
        from start: YAMLEvents.Located,
        depth: Int
    ) throws(Diagnostic) -> YAMLNode {
        try checkDepth(depth, at: start.range)
        var elements: [YAMLNode] = []
        while true {
            let located = try next()
            if case .sequenceEnd = located.event {
                let range = Self.range(start.range, elements.last?.range.end, located.range)
                return YAMLNode(.sequence(elements), at: range)
            }
            elements.append(try node(from: located, depth: depth))
        }
    }

    private mutating func mapping(
        from start: YAMLEvents.Located,
        depth: Int
    ) throws(Diagnostic) -> YAMLNode {
        try checkDepth(depth, at: start.range)
        var entries: [YAMLEntry] = []
        var seen: [String: SourceRange] = [:]
        while true {
            let located = try next()
            if case .mappingEnd = located.event {
                let range = Self.range(start.range, entries.last?.value.range.end, located.range)
                return YAMLNode(.mapping(entries), at: range)
            }
            guard case .scalar(let key) = located.event else {
                throw Diagnostic(
                    code: "policy.yaml.key",
                    "a key is a plain word",
                    at: .init(source, SourceRange(located.range.start, located.range.start + 1), "not a word")
                )
            }
            let value = try node(from: next(), depth: depth)
            if let first = seen.updateValue(located.range, forKey: key.text) {
                seen[key.text] = first
                let second = YAMLEntry(key: key.text, keyRange: located.range, value: value)
                reportDuplicate(second, first: entries.first { $0.key == key.text } ?? second)
            } else {
                entries.append(YAMLEntry(key: key.text, keyRange: located.range, value: value))
            }
        }
    }

    /// A collection in flow style ends with its bracket; one in block style with the last thing in it, because
    /// libyaml puts its end at the start of the next line that says something.
    private static func range(_ start: SourceRange, _ lastEnd: Int?, _ end: SourceRange) -> SourceRange {
        let isFlow = end.end > end.start
        return SourceRange(start.start, isFlow ? end.end : lastEnd ?? start.end)
    }

    private mutating func reportDuplicate(_ second: YAMLEntry, first: YAMLEntry) {
        let reading = Reading(source: source, environment: PolicyEnvironment(folder: "."))
        diagnostics.append(
            Diagnostic(
                code: "policy.key.duplicate",
                "the key `\(second.key)` is written twice in one mapping",
                at: .init(source, second.keyRange, "again here"),
                also: [.init(source, first.keyRange, "first here")],
                fix: reading.duplicateFix(first, second)
            )
        )
    }

    private func refusal(of what: String, at range: SourceRange) -> Diagnostic {
        // A word, not a page.
        let end = min(range.end, range.start + 64)
        let text = String(decoding: source.bytes[range.start..<end], as: UTF8.self)
        let isPattern = what == "alias" && text.hasPrefix("*")
        let isMark = what == "tag" && text.hasPrefix("!")
        return Diagnostic(
            code: "policy.yaml.\(what == "alias" || what == "anchor" ? "alias" : "tag")",
            "a policy has no YAML \(what == "alias" || what == "anchor" ? "anchors and aliases" : "tags")",
            at: .init(source, SourceRange(range.start, max(range.end, range.start + 1))),
            notes: isPattern
                ? ["a word that begins with `*` is an alias in YAML"]
                : what == "anchor" ? ["write the list where it is used, or name it under `sets:`"] : [],
            fix: isPattern ? patternFix(text, at: range) : isMark ? exceptionFix(text, at: range) : nil
        )
    }

    /// `from: !192.0.2.1`, where a mark negates to other programs.
    private func exceptionFix(_ text: String, at range: SourceRange) -> Fix? {
        let reading = Reading(source: source, environment: PolicyEnvironment(folder: "."))
        let value = YAMLNode(.scalar(YAMLScalar(text, .plain)), at: range)
        let rest = String(text.dropFirst())
        if rest.hasPrefix("!"), let blank = text.firstIndex(of: " ") {
            return .write(text[text.index(after: blank)...].drop { $0 == " " }.description)
        }
        return IPAddress(rest.prefix { $0 != "/" }) == nil ? nil : reading.fix(.except(rest), of: value)
    }

    /// `in: *lan`, where a star is a name of something else in YAML.
    private func patternFix(_ text: String, at range: SourceRange) -> Fix? {
        let reading = Reading(source: source, environment: PolicyEnvironment(folder: "."))
        guard let key = reading.key(ofValueAt: range.start) else { return nil }
        let name = String(decoding: source.bytes[key.start..<key.end], as: UTF8.self)
        return ["in", "out"].contains(name) ? .write(String(text.dropFirst())) : nil
    }

    private func empty() -> Diagnostic {
        Diagnostic(
            code: "policy.yaml.empty",
            "the policy is empty",
            at: .init(source, .start),
            fix: Fix("begin with `wallwright: 1`", [.insertion("wallwright: 1\n", at: 0)])
        )
    }
}
