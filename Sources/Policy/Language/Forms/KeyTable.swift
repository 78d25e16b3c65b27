import Diagnostics

/// A key of a mapping: its name, what it is for, how its value is written, and where the value goes.
struct Key<Draft>: Sendable {
    let name: String
    /// One line, shown by editors.
    let summary: String
    let isRequired: Bool
    let valueSchema: JSONValue
    let read: @Sendable (YAMLNode, inout Draft, inout Reading) -> Void

    init<Value>(
        _ name: String,
        _ summary: String,
        _ form: Form<Value>,
        _ property: any WritableKeyPath<Draft, Value?> & Sendable,
        isRequired: Bool = false
    ) {
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
    /// What a schema can say beyond the keys one by one; the reader checks the same.
    let schemaRules: [JSONValue.Member]

    init(
        _ noun: String,
        _ keys: [Key<Draft>],
        elsewhere: [String: String] = [:],
        schemaRules: [JSONValue.Member] = []
    ) {
        self.noun = noun
        self.keys = keys
        self.elsewhere = elsewhere
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
    func read(_ node: YAMLNode, into draft: inout Draft, _ reading: inout Reading, hint: String? = nil)
        -> Bool
    {
        guard case .mapping(let entries) = node.content else {
            reading.reportType(node, expected: "\(noun): a mapping of keys and values", fix: hint)
            return false
        }
        let errors = reading.errorCount
        for key in keys {
            if let entry = entries.first(where: { $0.key == key.name }) {
                key.read(entry.value, &draft, &reading)
            } else if key.isRequired {
                let place = SourceRange(node.range.start, entries.first?.keyRange.end ?? node.range.end)
                reading.report("policy.key.missing", "\(noun) needs the key `\(key.name)`", at: place)
            }
        }
        for entry in entries where !keys.contains(where: { $0.name == entry.key }) {
            reportUnknown(entry, &reading)
        }
        return reading.errorCount == errors
    }

    private func reportUnknown(_ entry: YAMLEntry, _ reading: inout Reading) {
        if let place = elsewhere[entry.key] {
            let message = "`\(entry.key)` does not belong in \(noun)"
            reading.report("policy.key.misplaced", message, at: entry.keyRange, notes: [place])
            return
        }
        let known = keys.map(\.name)
        let fix = reading.suggestion(for: entry.key, among: known)
        reading.report(
            "policy.key.unknown",
            "\(noun) has no key `\(entry.key)`",
            at: entry.keyRange,
            notes: fix == nil ? ["it may have: " + known.joined(separator: ", ")] : [],
            fix: fix
        )
    }
}
