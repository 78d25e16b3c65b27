import Diagnostics
import Foundation
import TestSupport
import Testing

/// The published schema of what commands answer, and their documents held against it.
enum JSONDocument {
    static let schemaFile = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../docs/answers.schema.json").standardizedFileURL

    /// The one document that a text is; throws for none, and for several.
    static func value(_ text: String) throws -> SchemaValue {
        SchemaValue(json: try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed))
    }

    static func schema() throws -> JSONValue {
        let text = try String(contentsOf: schemaFile, encoding: .utf8)
        return JSONValue(try value(text))
    }

    /// Holds what a command printed against the part of the schema that has its name.
    static func hold(_ text: String, _ command: String, _ schema: JSONValue, _ situation: String) {
        do {
            var validator = SchemaValidator(schema)
            let isRight = validator.accepts(try value(text), as: command)
            #expect(isRight, "\(situation): not what docs/answers.schema.json says of \(command): \(text)")
            #expect(validator.unknown.isEmpty)
        } catch {
            Issue.record("\(situation): not one JSON document: \(text)")
        }
    }
}

extension SchemaValue {
    fileprivate init(json: Any) {
        switch json {
        case let object as [String: Any]:
            self = .object(object.sorted { $0.key < $1.key }.map { ($0.key, SchemaValue(json: $0.value)) })
        case let array as [Any]: self = .array(array.map { SchemaValue(json: $0) })
        case let text as String: self = .string(text)
        case let number as NSNumber:
            if CFNumberKind(number) == .boolean {
                self = .boolean(number.boolValue)
            } else {
                self =
                    number.doubleValue == number.doubleValue.rounded()
                    ? .integer("\(number.int64Value)") : .float("\(number)")
            }
        default: self = .null
        }
    }
}

/// What a number of Foundation was written as.
private enum CFNumberKind {
    case boolean
    case number

    init(_ number: NSNumber) {
        // `c` is what Foundation has for true and false (NSValue, "objCType").
        self = unsafe String(cString: number.objCType) == "c" ? .boolean : .number
    }
}

extension JSONValue {
    fileprivate init(_ value: SchemaValue) {
        switch value {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .integer(let text): self = .integer(Int(text) ?? 0)
        case .float(let text), .string(let text): self = .string(text)
        case .array(let elements): self = .array(elements.map { JSONValue($0) })
        case .object(let members): self = .object(members.map { .init($0.key, JSONValue($0.value)) })
        }
    }
}
