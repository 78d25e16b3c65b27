import Diagnostics

/// One way to write a value: how a schema describes it, and how it is read.
///
/// Both sides stand together so that neither can change alone.
struct Form<Value>: Sendable {
    /// A schema of JSON Schema draft 2020-12.
    let schema: JSONValue
    /// The value; nil after an error was reported.
    let read: @Sendable (YAMLNode, inout Reading) -> Value?

    init(schema: JSONValue, read: @escaping @Sendable (YAMLNode, inout Reading) -> Value?) {
        self.schema = schema
        self.read = read
    }

    func map<Other>(_ transform: @escaping @Sendable (Value) -> Other) -> Form<Other> {
        Form<Other>(schema: schema) { node, reading in read(node, &reading).map(transform) }
    }
}

extension JSONValue {
    static func reference(to definition: String) -> JSONValue {
        ["$ref": .string("#/$defs/\(definition)")]
    }
}

extension Form where Value == Bool {
    static var boolean: Form {
        Form(schema: ["type": "boolean"]) { node, reading in
            if let scalar = node.scalar, scalar.kind == .boolean { return scalar.text.lowercased() == "true" }
            let word = node.scalar?.text.lowercased() ?? ""
            let meaning = [
                "yes": "true", "on": "true", "no": "false", "off": "false", "true": "true", "false": "false",
            ][word]
            reading.reportType(
                node,
                expected: "true or false",
                fix: meaning.map { .write($0, safety: .certain) }
            )
            return nil
        }
    }
}

extension Form where Value == Int {
    static func integer(
        _ range: ClosedRange<Int>,
        code: String,
        what: String,
        meaning: @escaping @Sendable (String) -> TextRepair? = { _ in nil }
    ) -> Form {
        let schema: JSONValue = [
            "type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
        ]
        return Form(schema: schema) { node, reading in
            guard let scalar = node.scalar, scalar.kind == .integer else {
                let repair = node.scalar.flatMap { meaning($0.text) }
                reading.reportType(node, expected: "a number", fix: repair.map { reading.fix($0, of: node) })
                return nil
            }
            if let number = Int(scalar.text), range.contains(number) { return number }
            let bounds = "\(range.lowerBound) to \(range.upperBound)"
            reading.report(code, "there is no such \(what)", at: node.range, "not in \(bounds)")
            return nil
        }
    }

    static var port: Form {
        integer(1...65_535, code: "policy.port.range", what: "port") {
            TextRepair(PortRepair.meanings(of: $0))
        }
    }
}

extension Form where Value == String {
    /// A word or a sentence; what YAML takes for a number or a truth value is none.
    static func text(_ expected: String) -> Form {
        Form(schema: ["type": "string"]) { node, reading in
            if let scalar = node.scalar, scalar.kind == .string { return scalar.text }
            reading.reportType(node, expected: expected)
            return nil
        }
    }

    /// Anything that stands on a line of its own, as it was written.
    static var remark: Form {
        Form(schema: ["type": ["string", "number", "boolean"]]) { node, reading in
            if let scalar = node.scalar, scalar.kind != .null { return scalar.text }
            reading.reportType(node, expected: "a text")
            return nil
        }
    }
}

extension Form where Value: CaseIterable & RawRepresentable & Sendable, Value.RawValue == String {
    /// One of the words of an enumeration.
    ///
    /// - Parameter meaning: what other words stand for, in lower case
    static func choice(
        _: Value.Type = Value.self,
        meaning: @escaping @Sendable (String) -> TextRepair? = { _ in nil }
    ) -> Form {
        let words = Value.allCases.map(\.rawValue)
        return Form(schema: ["enum": .array(words.map(JSONValue.string))]) { node, reading in
            if let scalar = node.scalar, scalar.kind == .string, let value = Value(rawValue: scalar.text) {
                return value
            }
            let word = node.scalar?.text ?? ""
            reading.report(
                "policy.value.choice",
                "expected one of the words: " + words.joined(separator: ", "),
                at: node.range,
                word.isEmpty ? "this is \(node.description)" : "",
                fix: meaning(word.lowercased()).map { reading.fix($0, of: node) }
                    ?? reading.suggestion(for: word, among: words) ?? reading.fixOfNothing(node)
            )
            return nil
        }
    }
}

extension Form {
    /// One value alone, or a list of at least one.
    static func oneOrMany<Element>(_ form: Form<Element>) -> Form where Value == [Element] {
        let list = Form.list(of: form, expected: "a list")
        return Form(schema: ["anyOf": [form.schema, list.schema]]) { node, reading in
            guard case .sequence = node.content else { return form.read(node, &reading).map { [$0] } }
            return list.read(node, &reading)
        }
    }

    /// A list of at least one; every element is read, so that all errors are reported.
    static func list<Element>(of form: Form<Element>, expected: String) -> Form where Value == [Element] {
        Form(schema: ["type": "array", "items": form.schema, "minItems": 1]) { node, reading in
            guard case .sequence(let elements) = node.content else {
                let fix = reading.fixOfNothing(node) ?? reading.oneElementFix(node)
                reading.reportType(node, expected: expected, fix: fix)
                return nil
            }
            if elements.isEmpty {
                reading.reportEmpty("this list is empty", node)
                return nil
            }
            let values = elements.compactMap { form.read($0, &reading) }
            return values.count == elements.count ? values : nil
        }
    }

    /// The first form for a value that is a list or mapping, the second for one that is neither.
    static func either(collection: Form, scalar: Form) -> Form {
        Form(schema: ["anyOf": [scalar.schema, collection.schema]]) { node, reading in
            node.scalar == nil ? collection.read(node, &reading) : scalar.read(node, &reading)
        }
    }
}
