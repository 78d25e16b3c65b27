import Diagnostics

/// Values that are missing, and values that belong elsewhere.
extension Reading {
    /// A list or mapping with nothing in it.
    mutating func reportEmpty(_ message: String, _ node: YAMLNode) {
        report(
            "policy.value.empty",
            message,
            at: node.range,
            fix: removal(ofEntryAt: node).map { Fix("remove the key, or write something into it", [$0]) }
                ?? "write something into it, or remove the key"
        )
    }

    /// A key without a value can be removed; nil for what is not empty.
    func fixOfNothing(_ node: YAMLNode) -> Fix? {
        guard node.isNull else { return nil }
        return Fix("remove the key", choices: removal(ofEntryAt: node).map { [[$0]] } ?? [], safety: .certain)
    }

    /// A line names a set, and the set is made of the DNS name.
    func setFix(ofHost host: String, at node: YAMLNode) -> Fix? {
        guard let host = HostName.name(in: host) else { return nil }
        let words = host.replacing(".", with: "-").drop { !$0.isLetter }
        let name = sets.states[String(words)] == nil ? String(words) : "\(words)-hosts"
        guard DefinedName.isValid(name) else { return nil }
        let says = "write \(name) here, and under sets:  \(name): \(host)"
        guard let place = placeOfSets(name, host) else { return Fix(says) }
        return Fix(says, [Fix.Edit(node.range, name), place])
    }

    /// A new line of `sets:`; nil when the section is written in braces.
    private func placeOfSets(_ name: String, _ host: String) -> Fix.Edit? {
        for number in 1...source.lineStarts.count where source.line(number).hasPrefix("sets:") {
            let rest = source.line(number).dropFirst(5).drop { $0 == " " }
            guard rest.isEmpty || rest.hasPrefix("#"), number < source.lineStarts.count else { return nil }
            let indentation = source.line(number + 1).prefix { $0 == " " }
            guard !indentation.isEmpty else { return nil }
            return .insertion("\(indentation)\(name): \(host)\n", at: source.lineStarts[number])
        }
        let isOpen = source.bytes.last != UInt8(ascii: "\n")
        return .insertion("\(isOpen ? "\n" : "")sets:\n  \(name): \(host)\n", at: source.bytes.count)
    }
}
