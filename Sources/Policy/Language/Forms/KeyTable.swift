import Diagnostics

/// A key of a mapping: its name, what it is for, how its value is written, and where the value goes.
struct Key<Draft>: Sendable {
    let name: String
    /// One line, shown by editors.
    let summary: String
    let isRequired: Bool
    /// What most policies write there.
    let usual: String?
    let valueSchema: JSONValue
    let read: @Sendable (YAMLNode, inout Draft, inout Reading) -> Void

    init<Value>(
        _ name: String,
        _ summary: String,
        _ form: Form<Value>,
        _ property: any WritableKeyPath<Draft, Value?> & Sendable,
        isRequired: Bool = false,
        usual: String? = nil
    ) {
        self.usual = usual
        self.name = name
        self.summary = summary
        self.isRequired = isRequired
        valueSchema = form.schema
        read = { node, draft, reading in draft[keyPath: property] = form.read(node, &reading) }
    }

    /// The schema of the value with the summary as its description.
    var schema: JSONValue {
        guard case .object(let members) = valueSchema else { return valueSchema }
        return .object([.init("description", .string(summary))] + members)
    }
}

/// The keys that a mapping of one kind may have.
///
/// Reading, the check for unknown keys and the JSON Schema all come from this table.
struct KeyTable<Draft>: Sendable {
    /// What the mapping is, as people say it: `an inbound line`.
    let noun: String
    /// Read in this order, whatever the order of the file.
    let keys: [Key<Draft>]
    /// Keys that belong to other mappings, and what to say of them here.
    let elsewhere: [String: String]
    /// Those of them that say what is so anyway: they can go.
    let needless: Set<String>
    /// What others call these keys.
    let synonyms: [String: String]
    /// What a schema can say beyond the keys one by one; the reader checks the same.
    let schemaRules: [JSONValue.Member]

    init(
        _ noun: String,
        _ keys: [Key<Draft>],
        elsewhere: [String: String] = [:],
        needless: Set<String> = [],
        synonyms: [String: String] = [:],
        schemaRules: [JSONValue.Member] = []
    ) {
        self.noun = noun
        self.keys = keys
        self.elsewhere = elsewhere
        self.needless = needless
        self.synonyms = synonyms
        self.schemaRules = schemaRules
    }

    var schema: JSONValue {
        let required = keys.filter(\.isRequired).map { JSONValue.string($0.name) }
        return .object(
            [
                .init("type", "object"),
                .init("properties", .object(keys.map { .init($0.name, $0.schema) })),
                .init("additionalProperties", false),
            ] + (required.isEmpty ? [] : [.init("required", .array(required))]) + schemaRules
        )
    }

    /// Fills the draft. Returns false when anything was wrong; all of it is reported then.
    func read(_ node: YAMLNode, into draft: inout Draft, _ reading: inout Reading, hint: Fix? = nil)
        -> Bool
    {
        guard case .mapping(let entries) = node.content else {
            reading.reportType(
                node,
                expected: "\(noun): keys with values",
                fix: hint ?? reading.fixOfNothing(node)
            )
            return false
        }
        let errors = reading.errorCount
        for key in keys {
            if let entry = entries.first(where: { $0.key == key.name }) {
                key.read(entry.value, &draft, &reading)
            } else if key.isRequired {
                if entries.contains(where: { meant($0.key) == key.name }) { continue }
                let place = SourceRange(node.range.start, entries.first?.keyRange.end ?? node.range.end)
                let fix = key.usual.map { reading.fix(adding: "\(key.name): \($0)", to: node) }
                reading.report(
                    "policy.key.missing",
                    "\(noun) needs the key `\(key.name)`",
                    at: place,
                    fix: fix
                )
            }
        }
        for entry in entries where !keys.contains(where: { $0.name == entry.key }) {
            reportUnknown(entry, among: entries, &reading)
            // What is wrong with the value is told now, not after the key is right.
            let key = elsewhere[entry.key] == nil ? keys.first { $0.name == meant(entry.key) } : nil
            if let key, isFree(key.name, entry, entries) { key.read(entry.value, &draft, &reading) }
        }
        return reading.errorCount == errors
    }

    /// The key that a word was probably meant for.
    func meant(_ word: String) -> String? {
        let lower = word.lowercased()
        if let known = synonyms[lower], keys.contains(where: { $0.name == known }) { return known }
        let near = NearestSpelling.candidates(for: word, among: keys.map(\.name))
        return near.count == 1 ? near[0] : nil
    }

    /// Two keys that mean the same are joined by a person.
    private func isFree(_ name: String, _ entry: YAMLEntry, _ entries: [YAMLEntry]) -> Bool {
        !entries.contains { $0.key == name || $0.key != entry.key && meant($0.key) == name }
    }

    private func reportUnknown(_ entry: YAMLEntry, among entries: [YAMLEntry], _ reading: inout Reading) {
        if let place = elsewhere[entry.key] {
            let message = "`\(entry.key)` does not belong in \(noun)"
            let other = ["in": "out", "out": "in"][entry.key]
            let fits = other.map { name in keys.contains { $0.name == name } && isFree(name, entry, entries) }
            // `enabled: false` and `ipv6: no` say what the line without them does not.
            let isNo = ["false", "no", "off"].contains(entry.value.scalar?.text.lowercased())
            let removal = needless.contains(entry.key) && !isNo ? reading.removalFix(entry) : nil
            let fix = fits == true ? other.map { Fix.write($0) } : removal
            reading.report("policy.key.misplaced", message, at: entry.keyRange, notes: [place], fix: fix)
            return
        }
        let known = keys.map(\.name)
        let meant = meant(entry.key)
        let fix =
            meant.map { isFree($0, entry, entries) ? Fix.write($0) : Fix("join it with the key `\($0)`") }
            ?? reading.suggestion(for: entry.key, among: known)
        reading.report(
            "policy.key.unknown",
            "\(noun) has no key `\(entry.key)`",
            at: entry.keyRange,
            notes: fix == nil ? ["it may have: " + known.joined(separator: ", ")] : [],
            fix: fix
        )
    }
}
