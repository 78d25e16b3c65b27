import Diagnostics
import PacketModel

/// `management:`, the word `none` or a mapping.
enum ManagementSection {
    static let form = Form<Management>(
        schema: ["anyOf": [["const": "none"], Draft.keys.schema]]
    ) { node, reading in
        if let scalar = node.scalar {
            if scalar.text == "none" { return Management.none }
            let fix = reading.managementFix(node)
            reading.reportType(node, expected: "`none`, or a mapping with `ports` and `from`", fix: fix)
            return nil
        }
        var draft = Draft()
        let mentions = reading.hostMentions
        guard Draft.keys.read(node, into: &draft, &reading, hint: reading.managementFix(node)) else {
            return nil
        }
        if draft.from?.isEmpty == true, reading.hostMentions == mentions, let entry = node.entry("from") {
            let message = "management would come from nowhere: the set is empty"
            reading.report("policy.management.empty", message, at: entry.value.range)
            return nil
        }
        let ports = draft.ports.map { IntervalSet($0.map { UInt16(clamping: $0) }) }
        let origin = reading.origin(node, "management")
        return .obligation(Management.Obligation(ports: ports, from: draft.from, origin: origin))
    }

    struct Draft {
        var ports: [Int]?
        var from: AddressSet?

        static let keys = KeyTable<Draft>(
            "the management section",
            [
                Key(
                    "ports",
                    "TCP ports of sshd; by default those that it listens on.",
                    .oneOrMany(.port),
                    \.ports
                ),
                Key("from", "Addresses from which management must always work.", .addresses, \.from),
            ],
            synonyms: KeySynonyms.management
        )
    }
}
