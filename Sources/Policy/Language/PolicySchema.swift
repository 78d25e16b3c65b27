package import Diagnostics

/// The JSON Schema (draft 2020-12) of the policy language, made from the tables that the reader reads by.
package enum PolicySchema {
    /// Pretty-printed, in a stable order, ended by a newline.
    package static func json() -> String {
        schema.prettyPrinted + "\n"
    }

    package static let schema: JSONValue = {
        guard case .object(let policy) = PolicyDraft.keys.schema else { return PolicyDraft.keys.schema }
        let head: [JSONValue.Member] = [
            .init("$schema", "https://json-schema.org/draft/2020-12/schema"),
            .init("title", "Wallwright policy, version 1"),
        ]
        return .object(head + policy + [.init("$defs", .object(definitions))])
    }()

    /// What several keys share.
    private static let definitions: [JSONValue.Member] =
        [
            .init("service", Form.serviceSchema),
            .init("services", Form.servicesSchema),
            .init("addresses", Form.addressesSchema),
            .init("interfaces", Form.interfacesSchema),
        ] + Direction.allCases.map { .init(LineSection.definition($0), LineDraft.keys(for: $0).schema) }
}
