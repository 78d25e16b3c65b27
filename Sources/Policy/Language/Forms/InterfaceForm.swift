import Diagnostics
import PacketModel

extension Form where Value == [InterfacePattern] {
    /// One name, pattern or name of `interfaces:`, or a list of them. Sorted, without duplicates.
    static var interfaces: Form {
        let texts = Form<[String]>.oneOrMany(.interface)
        return Form(schema: .reference(to: "interfaces")) { node, reading in
            guard texts.read(node, &reading) != nil else { return nil }
            let elements = if case .sequence(let elements) = node.content { elements } else { [node] }
            let patterns = elements.map { reading.interfaces($0) }
            guard patterns.allSatisfy({ $0 != nil }) else { return nil }
            return Array(Set(patterns.compactMap(\.self).joined())).sorted()
        }
    }

    static var interfacesSchema: JSONValue { Form<[String]>.oneOrMany(.interface).schema }
}

extension Form where Value == String {
    fileprivate static var interface: Form {
        Form(schema: ["type": ["string", "integer"]]) { node, reading in
            if let scalar = node.scalar, scalar.kind == .string || scalar.kind == .integer {
                return scalar.text
            }
            let fix = reading.listFix(node) ?? reading.fixOfNothing(node)
            reading.reportType(node, expected: "the name of an interface", fix: fix)
            return nil
        }
    }
}

extension Reading {
    /// What a name of `interfaces:` stands for, names within it too; nil after an error.
    mutating func interfaces(named name: String, at range: SourceRange) -> [InterfacePattern]? {
        value(of: name, in: \.interfaces, at: range) { Form.interfaces.read($0, &$1) }
    }

    fileprivate mutating func interfaces(_ node: YAMLNode) -> [InterfacePattern]? {
        let text = node.scalar?.text ?? ""
        // Within its own definition a name can only be an interface of that name.
        let known = interfaces.states.keys.filter { $0 != interfaces.current }
        if known.contains(text) { return interfaces(named: text, at: node.range) }
        let fix = suggestion(for: text, among: known)
        if let problem = InterfaceRepair.problem(of: text) {
            let fix = problem.fix.map { self.fix($0, of: node) } ?? addressKeyFix(node)
            report("policy.interface.form", problem.message, at: node.range, fix: fix)
            return nil
        }
        guard let pattern = InterfacePattern(text) else {
            let rules =
                "a name has at most \(InterfacePattern.longestName) characters, no spaces, no `/` or `:`"
            let message = "`\(text)` cannot be the name of an interface"
            let notes = [rules + ", and `*` only at its end"]
            let repair = InterfaceRepair.repair(of: text).map { self.fix($0, of: node) }
            report("policy.interface.form", message, at: node.range, notes: notes, fix: repair ?? fix)
            return nil
        }
        if fix != nil, text != interfaces.current, isSlip(text, of: known) {
            let message =
                "`\(text)` is not defined under `interfaces:` and is taken for the name of an interface"
            warn("policy.interface.unknown", message, at: node.range, fix: fix)
        }
        return [pattern]
    }

    /// `in: 192.0.2.1` was meant to be `from:`.
    private func addressKeyFix(_ node: YAMLNode) -> Fix? {
        guard let key = key(ofValueAt: node.range.start) else { return nil }
        let other = ["in": "from", "out": "to"][
            String(decoding: source.bytes[key.start..<key.end], as: UTF8.self)
        ]
        return other.map { Fix("write \($0) in the place of the key", [Fix.Edit(key, $0)]) }
    }

    /// `lann` for `lan`; not `eth1` beside `eth0`, nor `eth*`.
    private func isSlip(_ text: String, of known: some Sequence<String>) -> Bool {
        let letters = text.filter { !$0.isNumber && $0 != "*" }
        return NearestSpelling.candidates(for: text, among: known).contains { candidate in
            letters != candidate.filter { !$0.isNumber && $0 != "*" }
        }
    }
}
