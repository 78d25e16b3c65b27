import Diagnostics
import Policy

/// The part of JSON Schema draft 2020-12 that our schema uses; anything else in a schema fails the test.
struct SchemaValidator {
    let root: JSONValue
    /// Keywords that it met and does not know.
    private(set) var unknown: Set<String> = []

    init(_ root: JSONValue) {
        self.root = root
    }

    mutating func accepts(_ node: YAMLNode) -> Bool {
        accepts(node, root)
    }

    private mutating func accepts(_ node: YAMLNode, _ schema: JSONValue) -> Bool {
        guard case .object(let keywords) = schema else { return schema != false }
        var result = true
        for keyword in keywords where !check(node, keyword, schema) { result = false }
        return result
    }

    private mutating func check(_ node: YAMLNode, _ keyword: JSONValue.Member, _ schema: JSONValue) -> Bool {
        let value = keyword.value
        switch keyword.key {
        case "$schema", "title", "description", "$defs": return true
        case "$ref": return accepts(node, resolve(value))
        case "type": return Self.list(value).contains { Self.types(of: node).contains(Self.text($0)) }
        case "const": return Self.value(of: node) == value
        case "enum": return Self.list(value).contains(Self.value(of: node))
        case "anyOf": return Self.list(value).filter { accepts(node, $0) }.count >= 1
        case "oneOf": return Self.list(value).filter { accepts(node, $0) }.count == 1
        case "not": return !accepts(node, value)
        default: break
        }
        switch node.content {
        case .scalar(let scalar): return checkScalar(scalar, keyword)
        case .sequence(let elements): return checkSequence(elements, keyword)
        case .mapping(let entries): return checkMapping(entries, keyword, schema)
        }
    }

    private mutating func checkScalar(_ scalar: YAMLScalar, _ keyword: JSONValue.Member) -> Bool {
        switch (keyword.key, keyword.value) {
        case ("minimum", .integer(let bound)):
            return scalar.kind != .integer || (Int(scalar.text) ?? .max) >= bound
        case ("maximum", .integer(let bound)):
            return scalar.kind != .integer || (Int(scalar.text) ?? .max) <= bound
        case ("minLength", .integer(let length)): return scalar.kind != .string || scalar.text.count >= length
        case ("pattern", .string(let pattern)):
            guard scalar.kind == .string, let expression = try? Regex(pattern) else {
                return scalar.kind != .string
            }
            return scalar.text.firstMatch(of: expression) != nil
        default: return ignores(keyword.key)
        }
    }

    private mutating func checkSequence(_ elements: [YAMLNode], _ keyword: JSONValue.Member) -> Bool {
        switch (keyword.key, keyword.value) {
        case ("items", let item): return elements.filter { !accepts($0, item) }.isEmpty
        case ("minItems", .integer(let count)): return elements.count >= count
        default: return ignores(keyword.key)
        }
    }

    private mutating func checkMapping(
        _ entries: [YAMLEntry],
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
            return entries.filter { entry in
                !accepts(YAMLNode(.scalar(YAMLScalar(entry.key, .quoted)), at: entry.keyRange), item)
            }.isEmpty
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

    private static func types(of node: YAMLNode) -> [String] {
        switch node.content {
        case .sequence: ["array"]
        case .mapping: ["object"]
        case .scalar(let scalar):
            switch scalar.kind {
            case .null: ["null"]
            case .boolean: ["boolean"]
            case .integer: ["integer", "number"]
            case .float: ["number"]
            case .string: ["string"]
            }
        }
    }

    /// Of scalars; our schema compares nothing else.
    private static func value(of node: YAMLNode) -> JSONValue {
        guard let scalar = node.scalar else { return .null }
        switch scalar.kind {
        case .null: return .null
        case .boolean: return .boolean(scalar.text.lowercased() == "true")
        case .integer: return .integer(Int(scalar.text) ?? 0)
        case .float, .string: return .string(scalar.text)
        }
    }
}
