import Diagnostics

/// What to write instead of a text that is wrong, apart from where it stands.
enum TextRepair {
    /// Only a person can do it.
    case advice(String)
    /// Each choice is a list of entries that says what the text was probably meant to say.
    case entries([[String]])
    /// The key says what is so without it.
    case leaveOut
    /// The key has to go, for the reason that the words say.
    case remove(String)
    /// The line is meant for everybody else.
    case except(String)

    static func write(_ text: String) -> TextRepair { .entries([[text]]) }

    /// Nil when there is no choice.
    init?(_ choices: [[String]]) {
        guard !choices.isEmpty else { return nil }
        self = .entries(choices)
    }
}

extension Reading {
    /// The repair as edits of the scalar that has the text.
    func fix(_ repair: TextRepair, of node: YAMLNode) -> Fix {
        switch repair {
        case .advice(let words): Fix(words)
        case .entries(let choices):
            Fix(
                "write " + choices.map { listText($0, in: node, quoting: { $0 }) }.joined(separator: " or "),
                choices: choices.map {
                    [Fix.Edit(node.range, listText($0, in: node, quoting: YAMLText.scalar))]
                }
            )
        case .remove(let words):
            Fix(words, choices: removal(ofEntryAt: node).map { [[$0]] } ?? [])
        case .leaveOut:
            Fix("leave the key out", choices: removal(ofEntryAt: node).map { [[$0]] } ?? [], safety: .certain)
        case .except(let text): exception(text, of: node)
        }
    }

    /// One service where a list is asked for.
    func oneElementFix(_ node: YAMLNode) -> Fix? {
        guard let text = node.scalar?.text else { return nil }
        let own = services.states.keys.sorted()
        let meanings =
            ServiceRepair.isService(text, own: own) ? [[text]] : ServiceRepair.meanings(of: text, own: own)
        return mappingFix(meanings.map { "[" + $0.joined(separator: ", ") + "]" }, inPlaceOf: node)
    }

    /// `{ ssh, http }`, as nft writes lists.
    func listFix(_ node: YAMLNode) -> Fix? {
        guard case .mapping(let entries) = node.content, !entries.isEmpty,
            entries.allSatisfy({ $0.value.isNull })
        else { return nil }
        return fix(.entries([entries.map(\.key)]), of: node)
    }

    /// Entries in the place of a value or of an element of a list.
    private func listText(_ entries: [String], in node: YAMLNode, quoting: (String) -> String) -> String {
        let texts = entries.map(quoting)
        if texts.count == 1 { return texts[0] }
        switch place(of: node) {
        case .value: return "[" + texts.joined(separator: ", ") + "]"
        case .flowElement: return texts.joined(separator: ", ")
        case .blockElement(let column):
            return texts.joined(separator: "\n" + String(repeating: " ", count: column) + "- ")
        }
    }

    /// `from: "!192.0.2.1"` is `except: {from: 192.0.2.1}`.
    private func exception(_ text: String, of node: YAMLNode) -> Fix {
        guard case .value = place(of: node), let key = key(ofValueAt: node.range.start) else {
            return Fix("write it under except:")
        }
        let name = String(decoding: source.bytes[key.start..<key.end], as: UTF8.self)
        let line = "except: {\(name): \(YAMLText.scalar(text))}"
        return Fix(
            "write \(line) in the place of this key",
            [Fix.Edit(SourceRange(key.start, node.range.end), line)]
        )
    }
}
