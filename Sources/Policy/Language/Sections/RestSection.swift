import Diagnostics

/// `rest:`, one word for all directions or a mapping.
enum RestSection {
    static let form: Form<[Direction: Policy.Rest]> = {
        let word = Form<Policy.Rest>.rest
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
                Key("inbound", "For what comes to this host.", .rest, \.rest[.inbound]),
                Key("outbound", "For what this host sends.", .rest, \.rest[.outbound]),
                Key("forward", "For what passes through.", .rest, \.rest[.forward]),
            ],
            synonyms: KeySynonyms.directions
        )
    }
}

extension Form where Value == Policy.Rest {
    fileprivate static var rest: Form {
        choice { word in
            switch word {
            case "deny", "block", "discard", "dropped", "silent": .write("drop")
            case "refuse", "rejected", "answer": .write("reject")
            case "allow", "accept", "pass", "permit", "any", "true":
                .remove(
                    "remove the key: what no line allows is dropped, and a line `- allow: any` allows everything"
                )
            default: nil
            }
        }
    }
}
