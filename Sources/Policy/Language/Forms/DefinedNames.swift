import Diagnostics

/// What a policy may call its own services, sets and interfaces.
enum DefinedName {
    /// Words that no address, port or pattern looks like.
    static let pattern = "^[A-Za-z][A-Za-z0-9_-]{0,62}$"

    static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, isLetter(first), name.utf8.count <= 63 else { return false }
        return name.utf8.allSatisfy { byte in
            isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "-")
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}

extension Reading {
    /// `- admins: 192.0.2.1`: names have no dashes.
    fileprivate func definitionsFix(_ node: YAMLNode) -> Fix? {
        guard case .sequence(let elements) = node.content else { return fixOfNothing(node) }
        let places = elements.map { place(of: $0) }
        let areNamed = elements.allSatisfy { element in
            if case .mapping(let entries) = element.content { entries.count == 1 } else { false }
        }
        let edits = zip(elements, places).compactMap { element, place in
            if case .blockElement(let column) = place {
                let dash = source.lineRange(of: element.range.start).start + column
                return Fix.Edit(SourceRange(dash, element.range.start), "")
            }
            return nil
        }
        guard areNamed, edits.count == elements.count,
            edits.allSatisfy({ column(of: $0.range?.start ?? 0) > 0 })
        else {
            return nil
        }
        return Fix("leave out the dashes", edits)
    }
}

extension Form where Value == [YAMLEntry] {
    /// A mapping from names to what they stand for. Gives the entries whose names are allowed, unread.
    static func definitions(of itemSchema: JSONValue, noun: String) -> Form {
        let schema: JSONValue = [
            "type": "object", "propertyNames": ["pattern": .string(DefinedName.pattern)],
            "additionalProperties": itemSchema,
        ]
        return Form(schema: schema) { node, reading in
            guard case .mapping(let entries) = node.content else {
                reading.reportType(node, expected: noun, fix: reading.definitionsFix(node))
                return nil
            }
            for entry in entries where !DefinedName.isValid(entry.key) {
                reading.report(
                    "policy.name.form",
                    "`\(entry.key)` cannot be a name",
                    at: entry.keyRange,
                    notes: ["a name begins with a letter; letters, digits, `-` and `_` follow"]
                )
            }
            return entries.filter { DefinedName.isValid($0.key) }
        }
    }
}
