package import Diagnostics

/// What a schema judges: a document of JSON or of YAML.
package indirect enum SchemaValue: Sendable {
    case null
    case boolean(Bool)
    /// As it is written.
    case integer(String)
    case float(String)
    case string(String)
    case array([SchemaValue])
    case object([(key: String, value: SchemaValue)])
}

/// The part of JSON Schema draft 2020-12 that our schemas use; anything else in a schema fails the test.
package struct SchemaValidator {
    private let root: JSONValue
    /// Keywords that it met and does not know.
    package private(set) var unknown: Set<String> = []

    package init(_ root: JSONValue) {
        self.root = root
    }

    package mutating func accepts(_ value: SchemaValue) -> Bool {
        accepts(value, root)
    }

    /// Whether a part of the schema, by its name under `$defs`, accepts it.
    package mutating func accepts(_ value: SchemaValue, as definition: String) -> Bool {
        accepts(value, root["$defs"]?[definition] ?? false)
    }

    private mutating func accepts(_ node: SchemaValue, _ schema: JSONValue) -> Bool {
        guard case .object(let keywords) = schema else { return schema != false }
        var result = true
        for keyword in keywords where !check(node, keyword, schema) { result = false }
        return result
    }

    private mutating func check(_ node: SchemaValue, _ keyword: JSONValue.Member, _ schema: JSONValue) -> Bool
    {
        let value = keyword.value
        switch keyword.key {
        case "$schema", "title", "description", "$defs": return true
        case "$ref": return accepts(node, resolve(value))
        case "type": return Self.list(value).contains { Self.types(of: node).contains(Self.text($0)) }
        case "const": return Self.value(of: node) == value
        case "enum": return Self.value(of: node).map(Self.list(value).contains) ?? false
        case "anyOf": return Self.list(value).filter { accepts(node, $0) }.count >= 1
        case "oneOf": return Self.list(value).filter { accepts(node, $0) }.count == 1
        case "not": return !accepts(node, value)
        default: break
        }
        switch node {
        case .null, .boolean, .integer, .float, .string: return checkScalar(node, keyword)
        case .array(let elements): return checkArray(elements, keyword)
        case .object(let entries): return checkObject(entries, keyword, schema)
        }
    }

    private mutating func checkScalar(_ scalar: SchemaValue, _ keyword: JSONValue.Member) -> Bool {
        let number: Int? = if case .integer(let text) = scalar { Int(text) ?? .max } else { nil }
        let string: String? = if case .string(let text) = scalar { text } else { nil }
        switch (keyword.key, keyword.value) {
        case ("minimum", .integer(let bound)): return number.map { $0 >= bound } ?? true
        case ("maximum", .integer(let bound)): return number.map { $0 <= bound } ?? true
        case ("minLength", .integer(let length)): return string.map { $0.count >= length } ?? true
        case ("pattern", .string(let pattern)):
            guard let string else { return true }
            guard let expression = try? Regex(pattern) else { return false }
            return string.firstMatch(of: expression) != nil
        default: return ignores(keyword.key)
        }
    }

    private mutating func checkArray(_ elements: [SchemaValue], _ keyword: JSONValue.Member) -> Bool {
        switch (keyword.key, keyword.value) {
        case ("items", let item): return elements.filter { !accepts($0, item) }.isEmpty
        case ("minItems", .integer(let count)): return elements.count >= count
        default: return ignores(keyword.key)
        }
    }

    private mutating func checkObject(
        _ entries: [(key: String, value: SchemaValue)],
        _ keyword: JSONValue.Member,
        _ schema: JSONValue
    ) -> Bool {
        let keys = Set(entries.map(\.key))
        switch (keyword.key, keyword.value) {
        case ("properties", let properties):
            return entries.filter { entry in properties[entry.key].map { !accepts(entry.value, $0) } ?? false
            }.isEmpty
        case ("additionalProperties", let item):
            let others = entries.filter { schema["properties"]?[$0.key] == nil }
            return others.filter { !accepts($0.value, item) }.isEmpty
        case ("propertyNames", let item):
            return entries.filter { !accepts(.string($0.key), item) }.isEmpty
        case ("required", let names): return Self.list(names).allSatisfy { keys.contains(Self.text($0)) }
        case ("minProperties", .integer(let count)): return entries.count >= count
        case ("dependentRequired", .object(let rules)):
            return rules.allSatisfy { rule in
                !keys.contains(rule.key) || Self.list(rule.value).allSatisfy { keys.contains(Self.text($0)) }
            }
        default: return ignores(keyword.key)
        }
    }

    /// A keyword for another kind of value says nothing here.
    private mutating func ignores(_ keyword: String) -> Bool {
        let known = [
            "minimum", "maximum", "minLength", "pattern", "items", "minItems", "properties",
            "additionalProperties",
            "propertyNames", "required", "minProperties", "dependentRequired",
        ]
        if !known.contains(keyword) { unknown.insert(keyword) }
        return true
    }

    private func resolve(_ reference: JSONValue) -> JSONValue {
        root["$defs"]?[Self.text(reference).replacing("#/$defs/", with: "")] ?? false
    }

    private static func list(_ value: JSONValue) -> [JSONValue] {
        if case .array(let elements) = value { elements } else { [value] }
    }

    private static func text(_ value: JSONValue) -> String {
        if case .string(let text) = value { text } else { "" }
    }

    private static func types(of node: SchemaValue) -> [String] {
        switch node {
        case .array: ["array"]
        case .object: ["object"]
        case .null: ["null"]
        case .boolean: ["boolean"]
        case .integer: ["integer", "number"]
        case .float: ["number"]
        case .string: ["string"]
        }
    }

    /// Of scalars; our schemas compare nothing else.
    private static func value(of node: SchemaValue) -> JSONValue? {
        switch node {
        case .array, .object: nil
        case .null: .null
        case .boolean(let value): .boolean(value)
        case .integer(let text): .integer(Int(text) ?? 0)
        case .float(let text), .string(let text): .string(text)
        }
    }
}
