/// A JSON text as a tree; objects keep the order of their keys, so that output is stable.
package indirect enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    case string(String)
    case array([JSONValue])
    case object([Member])

    package struct Member: Hashable, Sendable {
        package let key: String
        package let value: JSONValue

        package init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The value of a key; nil for a missing key and for what is no object.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }
}

extension JSONValue {
    /// Two spaces of indentation; arrays of scalars stay on one line.
    package var prettyPrinted: String {
        var text = ""
        write(to: &text, indentation: 0)
        return text
    }

    private var isScalar: Bool {
        switch self {
        case .null, .boolean, .integer, .string: true
        case .array, .object: false
        }
    }

    private func write(to text: inout String, indentation: Int) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .string(let value): Self.writeQuoted(value, to: &text)
        case .array(let elements) where elements.allSatisfy(\.isScalar):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += ", " }
                element.write(to: &text, indentation: indentation)
            }
            text += "]"
        case .array(let elements):
            Self.writeBlock("[", elements, "]", to: &text, indentation) { element, text in
                element.write(to: &text, indentation: indentation + 1)
            }
        case .object(let members) where members.isEmpty:
            text += "{}"
        case .object(let members):
            Self.writeBlock("{", members, "}", to: &text, indentation) { member, text in
                Self.writeQuoted(member.key, to: &text)
                text += ": "
                member.value.write(to: &text, indentation: indentation + 1)
            }
        }
    }

    private static func writeBlock<Element>(
        _ opening: String,
        _ elements: [Element],
        _ closing: String,
        to text: inout String,
        _ indentation: Int,
        write: (Element, inout String) -> Void
    ) {
        text += opening
        for (index, element) in elements.enumerated() {
            text += index > 0 ? ",\n" : "\n"
            text += String(repeating: "  ", count: indentation + 1)
            write(element, &text)
        }
        text += "\n" + String(repeating: "  ", count: indentation) + closing
    }

    /// A string with its quotation marks and escapes (RFC 8259 section 7).
    package static func quoted(_ value: String) -> String {
        var text = ""
        writeQuoted(value, to: &text)
        return text
    }

    private static func writeQuoted(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case _ where DisplayText.isUnsafe(scalar):
                // Also what JSON does not ask for: a terminal may show it.
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}
