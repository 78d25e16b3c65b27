import Diagnostics
import PacketModel

/// `nat:`, a list of lines.
enum TranslationSection {
    static let form: Form<[TranslationLine?]> = {
        let schema: JSONValue = ["oneOf": .array(TranslationDraft.kinds.map(\.schema))]
        let line = Form<TranslationLine?>(schema: schema) { node, reading in
            guard !reading.reportTranslationSlip(node), let keys = kind(of: node, &reading) else {
                return nil
            }
            var draft = TranslationDraft()
            guard keys.read(node, into: &draft, &reading) else { return nil }
            return draft.line(node, &reading)
        }
        let expected = "a list of lines, each beginning with `- masquerade:` or the like"
        let list = Form<[TranslationLine?]>.list(of: line, expected: expected)
        return Form(schema: list.schema) { node, reading in
            guard case .mapping(let entries) = node.content, let first = entries.first else {
                return list.read(node, &reading)
            }
            reading.reportType(node, expected: expected, fix: reading.translationDashFix(first, node))
            return nil
        }
    }()

    private static func kind(
        of node: YAMLNode,
        _ reading: inout Reading
    ) -> KeyTable<TranslationDraft>? {
        guard case .mapping(let entries) = node.content else {
            reading.reportType(node, expected: "a line of `nat:`")
            return nil
        }
        let found = TranslationDraft.kinds.filter { kind in
            kind.keys.first.flatMap { node.entry($0.name) } != nil
        }
        if found.count == 1 { return found[0] }
        let names = TranslationDraft.kinds.compactMap { $0.keys.first?.name }
        let written = entries.filter { names.contains($0.key) }
        if let second = written.dropFirst().first {
            let others = written.prefix(1).map { (range: $0.keyRange, message: "the other") }
            let message = "a line of `nat:` does one thing"
            reading.report(
                "policy.key.conflict",
                message,
                at: second.keyRange,
                also: others,
                fix: "write two lines"
            )
        } else {
            let near = entries.compactMap { entry in
                (KeySynonyms.translation[entry.key.lowercased()].map { Fix.write($0) }
                    ?? reading.suggestion(for: entry.key, among: names))?.placed(at: entry.keyRange)
            }.first
            reading.report(
                "policy.key.missing",
                "a line of `nat:` needs one of: " + names.joined(separator: ", "),
                at: reading.firstLine(of: node),
                fix: near
            )
        }
        return nil
    }
}

extension TranslationDraft {
    /// Nil inside for a line that speaks of nothing; nil after an error.
    fileprivate func line(_ node: YAMLNode, _ reading: inout Reading) -> TranslationLine?? {
        if from?.isEmpty == true || to?.isEmpty == true {
            let message = "this line matches nothing, because its set is empty"
            reading.warn("policy.line.empty", message, at: reading.firstLine(of: node))
            return .some(nil)
        }
        let errors = reading.errorCount
        let action: TranslationLine.Action
        if let target {
            action = .portForward(target.address, port: target.port)
            FamilyCheck.report(
                [("to", [target.address.family]), ("from", FamilyCheck.families(of: from))],
                node,
                &reading
            )
        } else if let toPort {
            action = .redirect(port: UInt16(clamping: toPort))
        } else {
            action = .masquerade
        }
        FamilyCheck.report(
            [("from", FamilyCheck.families(of: from)), ("to", FamilyCheck.families(of: to))],
            node,
            &reading
        )
        guard reading.errorCount == errors else { return nil }
        return TranslationLine(
            action: action,
            services: redirect ?? portForward ?? .any,
            source: from,
            destination: to,
            inputInterfaces: inputInterfaces,
            outputInterfaces: outputInterfaces,
            origin: reading.origin(node, LineTitle.title(of: node))
        )
    }
}
