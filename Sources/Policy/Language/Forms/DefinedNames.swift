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

extension Form where Value == [YAMLEntry] {
    /// A mapping from names to what they stand for. Gives the entries whose names are allowed, unread.
    static func definitions(of itemSchema: JSONValue, noun: String) -> Form {
        let schema: JSONValue = [
            "type": "object", "propertyNames": ["pattern": .string(DefinedName.pattern)],
            "additionalProperties": itemSchema,
        ]
        return Form(schema: schema) { node, reading in
            guard case .mapping(let entries) = node.content else {
                reading.reportType(node, expected: noun)
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
