import Diagnostics
import PacketModel

/// Lines of `nat:` that say their parts in another way.
extension Reading {
    /// `masquerade: eth0`, a target in two keys, `to: 8080`. Returns whether there was something to report.
    mutating func reportTranslationSlip(_ node: YAMLNode) -> Bool {
        if let entry = node.entry("masquerade"), let text = entry.value.scalar?.text, !text.isEmpty,
            let (key, value) = side(ofMasquerade: text)
        {
            let edit = Fix.Edit(
                entry.value.range,
                "true" + (node.entry(key) == nil ? separator(node) + "\(key): \(value)" : "")
            )
            report(
                "policy.nat.masquerade",
                "`masquerade` says true; what it is for stands beside it",
                at: entry.value.range,
                fix: Fix("write masquerade: true, \(key): \(value)", [edit])
            )
            return true
        }
        if let to = node.entry("to"), node.entry("redirect") != nil, node.entry("to-port") == nil,
            let port = PortRepair.meanings(of: Self.words(of: to.value)).first?.first
        {
            let place = SourceRange(to.keyRange.start, to.value.range.end)
            report(
                "policy.key.misplaced",
                "a redirect stays on this host: it has a port and no address",
                at: to.keyRange,
                fix: Fix("write to-port: \(port)", [Fix.Edit(place, "to-port: \(port)")])
            )
            return true
        }
        guard node.entry("port-forward") != nil else { return false }
        return reportTargetInTwo(node)
    }

    /// `to:` with the address, and the port under a key of its own.
    private mutating func reportTargetInTwo(_ node: YAMLNode) -> Bool {
        guard case .mapping(let entries) = node.content else { return false }
        let named = { (name: String) in
            entries.first {
                ($0.key == name || KeySynonyms.target[$0.key.lowercased()] == name) && $0.value.scalar != nil
            }
        }
        guard let host = named("to"), let port = named("to-port"), let gone = removal(of: port),
            let address = IPAddress(Self.words(of: host.value)),
            let number = PortRepair.meanings(of: Self.words(of: port.value)).first?.first
        else { return false }
        let target = address.family == .ipv4 ? "\(address):\(number)" : "\"[\(address)]:\(number)\""
        let place = SourceRange(host.keyRange.start, host.value.range.end)
        report(
            "policy.key.misplaced",
            "the port is part of `to`",
            at: port.keyRange,
            fix: Fix("write to: \(target)", [Fix.Edit(place, "to: \(target)"), gone])
        )
        return true
    }

    private func side(ofMasquerade text: String) -> (key: String, value: String)? {
        if ["true", "false", "yes", "no", "on", "off"].contains(text.lowercased()) { return nil }
        if case .interval? = try? AddressText.read(text) { return ("from", YAMLText.scalar(text)) }
        return InterfacePattern(text) == nil ? nil : ("out", YAMLText.scalar(text))
    }

    private func separator(_ node: YAMLNode) -> String {
        source.bytes[node.range.start] == UInt8(ascii: "{")
            ? ", " : "\n" + String(repeating: " ", count: column(of: node.range.start))
    }

    /// `nat:` with one line that has no dash.
    func translationDashFix(_ first: YAMLEntry, _ node: YAMLNode) -> Fix? {
        guard source.bytes[node.range.start] != UInt8(ascii: "{"), column(of: first.keyRange.start) > 0 else {
            return nil
        }
        let starts = (source.lineNumber(of: node.range.start)...source.lineNumber(of: node.range.end - 1)).map
        {
            source.lineStarts[$0 - 1]
        }
        let edits = starts.enumerated().map { index, start in
            index == 0 ? Fix.Edit.insertion("- ", at: first.keyRange.start) : .insertion("  ", at: start)
        }
        return Fix("write - before the line", edits)
    }
}
