import Diagnostics

/// `rest:`, one word for all directions or a mapping.
enum RestSection {
    static let form: Form<[Direction: Policy.Rest]> = {
        let word = Form<Policy.Rest>.choice()
        return Form(schema: ["anyOf": [word.schema, Draft.keys.schema]]) { node, reading in
            if node.scalar != nil {
                guard let rest = word.read(node, &reading) else { return nil }
                return Dictionary(uniqueKeysWithValues: Direction.allCases.map { ($0, rest) })
            }
            var draft = Draft()
            return Draft.keys.read(node, into: &draft, &reading) ? draft.rest : nil
        }
    }()

    struct Draft {
        var rest: [Direction: Policy.Rest] = [:]

        static let keys = KeyTable<Draft>(
            "the rest",
            [
                Key("inbound", "For what comes to this host.", .choice(), \.rest[.inbound]),
                Key("outbound", "For what this host sends.", .choice(), \.rest[.outbound]),
                Key("forward", "For what passes through.", .choice(), \.rest[.forward]),
            ]
        )
    }
}
