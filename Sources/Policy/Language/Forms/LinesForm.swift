import Diagnostics
import PacketModel

extension Form {
    /// `inbound:`, `outbound:` and `forward:`: a list of lines, which may be empty.
    static func lines<Element>(of form: Form<Element>, _ direction: Direction) -> Form
    where Value == [Element] {
        Form(schema: ["type": "array", "items": form.schema]) { node, reading in
            guard case .sequence(let elements) = node.content else {
                reading.reportType(
                    node,
                    expected: "a list of lines, each beginning with `- allow:` or `- deny:`",
                    fix: reading.linesFix(node, direction)
                )
                return nil
            }
            if elements.isEmpty, direction == .outbound {
                reading.warn(
                    "policy.section.empty",
                    "this host may send nothing but replies: no DNS, no updates, no time",
                    at: node.range
                )
            }
            let values = elements.compactMap { form.read($0, &reading) }
            return values.count == elements.count ? values : nil
        }
    }
}

extension Reading {
    /// Dashes before lines that have none; services alone become a line.
    fileprivate func linesFix(_ node: YAMLNode, _ direction: Direction) -> Fix? {
        if node.isNull {
            let removal = removal(ofEntryAt: node)
            let empty =
                node.range.start == node.range.end
                    && source.bytes[max(0, node.range.start - 1)] == UInt8(ascii: ":")
                ? " []" : "[]"
            // Without lines of its own a host can do little; that is to be said in so many words.
            let emptied = direction == .outbound ? [] : [[Fix.Edit(node.range, empty)]]
            return Fix("remove the key, or write []", choices: (removal.map { [[$0]] } ?? []) + emptied)
        }
        guard let key = key(ofSection: node) else { return nil }
        let indentation = String(repeating: " ", count: column(of: key.start) + 2)
        switch node.content {
        case .sequence: return nil
        case .scalar(let scalar):
            if ["deny", "drop", "block", "reject", "none", "nothing", "closed", "false"].contains(
                scalar.text.lowercased()
            ) {
                return Fix("write []: what no line allows is dropped", [Fix.Edit(node.range, "[]")])
            }
            // What may come in is named; a word that says nothing opens nothing.
            let words = ["allow", "accept", "open", "all", "everything", "true", "yes"]
            let isOpen = direction == .outbound && words.contains(scalar.text.lowercased())
            if !isOpen, words.contains(scalar.text.lowercased()) {
                return "name the services, such as - allow: ssh"
            }
            let text = isOpen ? "any" : scalar.text
            let own = services.states.keys.sorted()
            let meanings =
                ServiceRepair.isService(text, own: own)
                ? [[text]] : ServiceRepair.meanings(of: text, own: own)
            guard !meanings.isEmpty else { return nil }
            let lines = meanings.map { "- allow: \(Self.inline($0))" }
            let start =
                source.bytes[node.range.start - 1] == UInt8(ascii: " ")
                ? node.range.start - 1 : node.range.start
            return Fix(
                "write " + lines.joined(separator: " or "),
                choices: lines.map { [Fix.Edit(SourceRange(start, node.range.end), "\n\(indentation)\($0)")] }
            )
        case .mapping(let entries):
            guard let first = entries.first else { return nil }
            if first.key.hasPrefix("--") { return doubleDashFix }
            if first.key.hasPrefix("-") { return dashFix }
            if let bullets = bulletsFix { return bullets }
            if let lines = namedLinesFix(entries, of: node, indentation) { return lines }
            guard ["allow", "deny"].contains(first.key), source.bytes[node.range.start] != UInt8(ascii: "{")
            else {
                return nil
            }
            return dashesFix(from: first.keyRange)
        }
    }

    /// `ssh: allow`, `ports: [22, 80]`, `tcp: 22`, `rules:` with a list.
    private func namedLinesFix(_ entries: [YAMLEntry], of node: YAMLNode, _ indentation: String) -> Fix? {
        let own = services.states.keys.sorted()
        if entries.count == 1, case .sequence(let elements) = entries[0].value.content,
            elements.allSatisfy({ $0.scalar == nil }), case .blockElement = place(of: elements[0])
        {
            let line = source.lineRange(of: entries[0].keyRange.start).start
            let next = source.lineRange(of: elements[0].range.start).start
            guard next > line else { return nil }
            return Fix("leave out `\(entries[0].key):`", [Fix.Edit(SourceRange(line, next), "")])
        }
        var choices: [[String]] = [[]]
        for entry in entries {
            let words = Self.words(of: entry.value)
            let verb = LineText.verbs[words.lowercased()]
            let lines: [String]
            if entry.value.isNull || verb != nil {
                lines = meanings(of: entry.key, own).map {
                    "\((verb ?? .allow).rawValue): \(Self.inline($0))"
                }
            } else if ["ports", "port", "services", "service", "open", "tcp", "udp"].contains(
                entry.key.lowercased()
            ) {
                let transport =
                    ["tcp", "udp"].contains(entry.key.lowercased()) ? entry.key.lowercased() + " " : ""
                lines = meanings(of: transport + words, own).map { "allow: \(Self.inline($0))" }
            } else {
                return nil
            }
            guard !lines.isEmpty else { return nil }
            choices = choices.flatMap { before in lines.map { before + [$0] } }
            guard choices.count <= 4 else { return nil }
        }
        let texts = choices.map { $0.map { "- \($0)" } }
        return Fix(
            "write " + texts.map { $0.joined(separator: "  ") }.joined(separator: " or "),
            choices: texts.map { [Fix.Edit(node.range, $0.joined(separator: "\n" + indentation))] }
        )
    }

    private func meanings(of text: String, _ own: [String]) -> [[String]] {
        ServiceRepair.isService(text, own: own) ? [[text]] : ServiceRepair.meanings(of: text, own: own)
    }

    /// The key of a section, on the line of its value or above it.
    private func key(ofSection node: YAMLNode) -> SourceRange? {
        var offset = node.range.start
        while offset > 0, " \t\r\n".utf8.contains(source.bytes[offset - 1]) { offset -= 1 }
        return key(ofValueAt: offset)
    }
}
