import Diagnostics
import PacketModel

/// Sections that the language has not: lines and services at the left edge, a section around all others.
extension Reading {
    /// The policy without such sections; each is reported.
    mutating func reportForeignSections(_ root: YAMLNode) -> YAMLNode {
        guard case .mapping(let entries) = root.content else { return root }
        let known = PolicyDraft.keys.keys.map(\.name)
        var kept: [YAMLEntry] = []
        for entry in entries {
            let isKnown = known.contains(entry.key)
            if isKnown && !(entry.key == "services" && !isNamed(entry.value)) {
                kept.append(entry)
            } else if let fix = keyOfLineFix(entry, after: kept.last) {
                let message = "`\(entry.key)` belongs to a line, and stands in the column of its other keys"
                report("policy.key.misplaced", message, at: entry.keyRange, fix: fix)
            } else if let (message, fix) = foreignSection(entry, root, known) {
                report("policy.key.unknown", message, at: entry.keyRange, fix: fix)
            } else {
                kept.append(entry)
            }
        }
        return kept.count == entries.count ? root : YAMLNode(.mapping(kept), at: root.range)
    }

    /// `wallwright = 1`, as other files of settings are written.
    func assignmentsFix(_ root: YAMLNode) -> Fix? {
        if case .sequence(let elements) = root.content {
            let areLines = elements.contains { $0.entry("allow") != nil || $0.entry("deny") != nil }
            let head = "wallwright: 1\ninbound:\n"
            return areLines && column(of: root.range.start) == 0 && source.bytes.first == UInt8(ascii: "-")
                ? Fix(
                    "begin with wallwright: 1, and write inbound: before the lines",
                    [.insertion(head, at: 0)]
                ) : nil
        }
        let keys = PolicyDraft.keys.keys.map(\.name)
        let edits = (1...source.lineStarts.count).compactMap { number -> Fix.Edit? in
            let line = source.line(number)
            let word = line.prefix { $0.isLetter || $0 == "-" }
            let mark = line.dropFirst(word.count).prefix { $0 == " " || $0 == "=" }
            guard keys.contains(String(word)), mark.contains("=") else { return nil }
            let start = source.lineStarts[number - 1] + word.utf8.count
            return Fix.Edit(SourceRange(start, start + mark.utf8.count), ": ")
        }
        return root.scalar == nil || edits.isEmpty
            ? nil : Fix("write a colon after each key, such as `wallwright: 1`", edits, safety: .certain)
    }

    /// `from:` at the left edge, below the line that it belongs to.
    private func keyOfLineFix(_ entry: YAMLEntry, after section: YAMLEntry?) -> Fix? {
        guard let section, let direction = Direction(rawValue: section.key), entry.value.scalar != nil,
            LineDraft.keys(for: direction).keys.contains(where: { $0.name == entry.key }),
            !["allow", "deny", "log"].contains(entry.key),
            case .sequence(let elements) = section.value.content, let last = elements.last,
            case .blockElement = place(of: last), column(of: entry.keyRange.start) == 0
        else { return nil }
        let column = column(of: last.range.start)
        let blanks = String(repeating: " ", count: column)
        return Fix("begin it in column \(column + 1)", [.insertion(blanks, at: entry.keyRange.start)])
    }

    /// A list of mappings may be definitions with dashes.
    private func isNamed(_ node: YAMLNode) -> Bool {
        switch node.content {
        case .mapping: true
        case .scalar(let scalar): scalar.kind == .null
        case .sequence(let elements): elements.contains { $0.scalar == nil }
        }
    }

    private func foreignSection(_ entry: YAMLEntry, _ root: YAMLNode, _ known: [String]) -> (String, Fix?)? {
        let key = entry.key.lowercased()
        if KeySynonyms.listsOfLines.contains(key), case .mapping(let parts) = entry.value.content,
            parts.contains(where: { known.contains($0.key) })
        {
            return ("the sections of a policy stand at the left edge", unwrappingFix(entry, parts))
        }
        if ["masquerade", "masq"].contains(key), let text = entry.value.scalar?.text,
            root.entry("nat") == nil,
            InterfacePattern(text) != nil, entry.value.scalar?.kind == .string
        {
            let text = "nat:\n  - masquerade: true\n    out: \(YAMLText.scalar(text))"
            return ("`masquerade` is a line of `nat:`", replacement(of: entry, by: [text]))
        }
        let message =
            "a policy has no key `\(entry.key)`: lines stand under `inbound:`, `outbound:` or `forward:`"
        if KeySynonyms.listsOfLines.contains(key), case .sequence(let elements) = entry.value.content {
            return (message, listFix(entry, elements, root))
        }
        if case .mapping = entry.value.content { return nil }
        guard let lines = lines(of: entry, key), !lines.isEmpty else { return nil }
        return (message, inboundFix(lines, inPlaceOf: entry, root))
    }

    /// Lines for each meaning, without their dashes; nil for keys that are no lines.
    private func lines(of entry: YAMLEntry, _ key: String) -> [String]? {
        let words = Self.words(of: entry.value)
        let own = services.states.keys.sorted()
        let services =
            ServiceRepair.isService(words, own: own) ? [[words]] : ServiceRepair.meanings(of: words, own: own)
        switch key {
        case "allow", "accept", "open", "ports", "port", "services", "service", "allowed", "open-ports",
            "expose",
            "published":
            return services.map { "allow: \(Self.inline($0))" }
        case "tcp", "udp":
            return ServiceRepair.meanings(of: "\(key) \(words)", own: own).map { "allow: \(Self.inline($0))" }
        case "deny", "drop", "block", "reject", "ban", "bans", "banned", "blocked", "blacklist", "blocklist",
            "denylist":
            let entries = words.split { ", ".contains($0) }.map(String.init)
            let areAddresses = entries.allSatisfy { entry in
                if case .interval? = try? AddressText.read(entry) { true } else { sets.states[entry] != nil }
            }
            if areAddresses, !entries.isEmpty {
                return ["deny: any, from: \(Self.list(entries.map(YAMLText.scalar)))"].map { "{\($0)}" }
            }
            return services.map { "deny: \(Self.inline($0))" }
        case "whitelist", "allowlist", "trusted":
            let entries = words.split { ", ".contains($0) }.map(String.init)
            return ["{allow: ssh, from: \(Self.list(entries.map(YAMLText.scalar)))}"]
        default: return nil
        }
    }

    /// A list of lines under another name.
    private func listFix(_ entry: YAMLEntry, _ elements: [YAMLNode], _ root: YAMLNode) -> Fix? {
        let areLines = elements.allSatisfy { $0.entry("allow") != nil || $0.entry("deny") != nil }
        if areLines, root.entry("inbound") == nil {
            return Fix("write inbound", [Fix.Edit(entry.keyRange, "inbound")])
        }
        let texts = elements.map { element -> String? in
            if let text = element.scalar?.text {
                let own = services.states.keys.sorted()
                let line = LineText(text, direction: .inbound, services: own, sets: Array(sets.states.keys))
                guard let line, let services = line.services.first, line.services.count == 1 else {
                    return nil
                }
                let parts = line.parts.map { "\($0.key): \($0.value)" }
                return "{" + (["\(line.action): \(Self.inline(services))"] + parts).joined(separator: ", ")
                    + "}"
            }
            guard case .mapping(let parts) = element.content else { return nil }
            if areLines { return YAMLText.flow(element) }
            let kept = parts.filter {
                !["direction", "chain", "name", "table", "priority"].contains($0.key.lowercased())
            }
            let isInbound = parts.allSatisfy { part in
                !["direction", "chain"].contains(part.key.lowercased())
                    || ["in", "input", "inbound", "ingress"].contains(Self.words(of: part.value).lowercased())
            }
            let rewrite = LineRewrite(
                kept,
                direction: .inbound,
                keys: LineDraft.keys(for: .inbound),
                reading: self
            )
            guard isInbound, let meaning = rewrite?.meanings.first, rewrite?.meanings.count == 1 else {
                return nil
            }
            return "{" + meaning.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        }
        let lines = texts.compactMap(\.self)
        guard lines.count == texts.count else { return nil }
        return inboundFix(lines, inPlaceOf: entry, root, areOne: true)
    }

    /// Lines at the end of `inbound:`, which is made where there is none. Each is a choice unless they belong together.
    private func inboundFix(
        _ lines: [String],
        inPlaceOf entry: YAMLEntry,
        _ root: YAMLNode,
        areOne: Bool = false
    ) -> Fix? {
        guard !lines.isEmpty else { return nil }
        let choices = areOne ? [lines] : lines.map { [$0] }
        let words = choices.map { $0.map { "- \($0)" }.joined(separator: "  ") }.joined(separator: " or ")
        let edits = choices.map { inboundEdits($0, inPlaceOf: entry, root) }
        let isPossible = edits.allSatisfy { $0 != nil }
        return Fix("write under inbound:  \(words)", choices: isPossible ? edits.compactMap(\.self) : [])
    }

    private func inboundEdits(_ lines: [String], inPlaceOf entry: YAMLEntry, _ root: YAMLNode) -> [Fix.Edit]?
    {
        guard let inbound = root.entry("inbound") else {
            let text = "inbound:" + lines.map { "\n  - \($0)" }.joined()
            return [
                Fix.Edit(
                    SourceRange(entry.keyRange.start, max(entry.value.range.end, entry.keyRange.end + 1)),
                    text
                )
            ]
        }
        guard case .sequence(let elements) = inbound.value.content, let last = elements.last,
            case .blockElement(let column) = place(of: last), let gone = removal(of: entry)
        else { return nil }
        let end = source.lineRange(of: last.range.end - 1).end
        let indentation = String(repeating: " ", count: column)
        return [.insertion(lines.map { "\n\(indentation)- \($0)" }.joined(), at: end), gone]
    }

    private func replacement(of entry: YAMLEntry, by texts: [String]) -> Fix {
        let place = SourceRange(entry.keyRange.start, entry.value.range.end)
        let shown = texts.map {
            $0.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: " ")
        }
        return Fix("write " + shown.joined(separator: " or "), choices: texts.map { [Fix.Edit(place, $0)] })
    }

    /// `firewall:` around the sections goes, and they move to the left edge.
    private func unwrappingFix(_ entry: YAMLEntry, _ parts: [YAMLEntry]) -> Fix? {
        guard let first = parts.first, column(of: entry.keyRange.start) == 0 else { return nil }
        let depth = column(of: first.keyRange.start)
        let (top, bottom) = (
            source.lineNumber(of: first.keyRange.start),
            source.lineNumber(of: max(entry.value.range.end - 1, 0))
        )
        guard depth > 0, top > source.lineNumber(of: entry.keyRange.start) else { return nil }
        let head = Fix.Edit(SourceRange(entry.keyRange.start, source.lineStarts[top - 1]), "")
        let edits = (top...bottom).compactMap { number -> Fix.Edit? in
            let start = source.lineStarts[number - 1]
            let blanks = source.line(number).prefix { $0 == " " }.count
            return blanks == 0 ? nil : Fix.Edit(SourceRange(start, start + min(depth, blanks)), "")
        }
        return Fix("leave out `\(entry.key):`, and begin the sections at the left edge", [head] + edits)
    }
}
