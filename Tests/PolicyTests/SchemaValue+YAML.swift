import TestSupport

@testable import Policy

extension SchemaValue {
    init(_ node: YAMLNode) {
        switch node.content {
        case .mapping(let entries): self = .object(entries.map { ($0.key, SchemaValue($0.value)) })
        case .sequence(let elements): self = .array(elements.map { SchemaValue($0) })
        case .scalar(let scalar):
            switch scalar.kind {
            case .null: self = .null
            case .boolean: self = .boolean(scalar.text.lowercased() == "true")
            case .integer: self = .integer(scalar.text)
            case .float: self = .float(scalar.text)
            case .string: self = .string(scalar.text)
            }
        }
    }
}
