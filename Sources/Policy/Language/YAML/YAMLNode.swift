package import Diagnostics

/// A part of a YAML document with its place.
package struct YAMLNode: Sendable {
    package enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
    }

    package let content: Content
    /// For collections in block style: from the first to the last of what is in them.
    package let range: SourceRange

    package init(_ content: Content, at range: SourceRange) {
        self.content = content
        self.range = range
    }

    package var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// The entry of a mapping with this key.
    package func entry(_ key: String) -> YAMLEntry? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }
    }

    package var isNull: Bool { scalar?.kind == .null }

    /// What it is, as a person would say it: `a list`.
    package var description: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .scalar(let scalar):
            switch scalar.kind {
            case .null: "empty"
            case .boolean: "true or false"
            case .integer, .float: "a number"
            case .string: "a text"
            }
        }
    }
}

/// A key and its value.
package struct YAMLEntry: Sendable {
    package let key: String
    package let keyRange: SourceRange
    package let value: YAMLNode
}

/// A value that is neither list nor mapping.
package struct YAMLScalar: Sendable {
    package enum Style: Sendable {
        /// Bare; the only style in which `true` and `22` are more than texts.
        case plain
        case quoted
        case block
    }

    /// The types of the YAML 1.2 core schema (section 10.3.2).
    package enum Kind: Sendable {
        case null
        case boolean
        case integer
        case float
        case string
    }

    package let text: String
    package let style: Style
    package let kind: Kind

    package init(_ text: String, _ style: Style) {
        self.text = text
        self.style = style
        switch style {
        case .plain: kind = Self.kind(of: text)
        case .quoted, .block: kind = .string
        }
    }

    private static func kind(of text: String) -> Kind {
        guard let first = text.utf8.first else { return .null }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return numberKind(of: text)
        default:
            if ["~", "null", "Null", "NULL"].contains(text) { return .null }
            return ["true", "True", "TRUE", "false", "False", "FALSE"].contains(text) ? .boolean : .string
        }
    }

    private static func numberKind(of text: String) -> Kind {
        let unsigned = text.utf8.drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
        let signs = text.utf8.count - unsigned.count
        let isDigit: (UInt8) -> Bool = { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        if signs <= 1, !unsigned.isEmpty, unsigned.allSatisfy(isDigit) { return .integer }
        if signs == 0, text.hasPrefix("0x"), Int(text.dropFirst(2), radix: 16) != nil { return .integer }
        if signs == 0, text.hasPrefix("0o"), Int(text.dropFirst(2), radix: 8) != nil { return .integer }
        let allowed: (UInt8) -> Bool = { isDigit($0) || "+-.eE".utf8.contains($0) }
        if text.utf8.allSatisfy(allowed), signs <= 1, Double(text) != nil { return .float }
        return [".inf", "+.inf", "-.inf", ".nan"].contains(text.lowercased()) ? .float : .string
    }
}
