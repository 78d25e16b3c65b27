import Diagnostics
import PacketModel

/// Lines whose keys are not those of the language.
extension Reading {
    /// `- allow ssh` and `- allow: ssh from 192.0.2.1`. Returns whether there was something to report.
    mutating func reportSpokenLine(_ node: YAMLNode, direction: Direction, noun: String) -> Bool {
        let own = services.states.keys.sorted()
        if let scalar = node.scalar, !node.isNull {
            let line = LineText(scalar.text, direction: direction, services: own, sets: setNames)
            reportType(
                node,
                expected: "\(noun) such as `- allow: ssh`",
                fix: line.map { fix($0, inPlaceOf: node) }
            )
            return true
        }
        guard let entry = node.entry("allow") ?? node.entry("deny"), let text = entry.value.scalar?.text,
            text.contains(" "),
            let line = LineText("\(entry.key) \(text)", direction: direction, services: own, sets: setNames),
            !line.parts.isEmpty, line.parts.allSatisfy({ node.entry($0.key) == nil })
        else { return false }
        report(
            "policy.line.words",
            "each part of a line has its own key",
            at: entry.value.range,
            fix: fix(line, inPlaceOf: entry, of: node)
        )
        return true
    }

    private var setNames: [String] { Array(sets.states.keys) + [SetsSection.localNetworksName] }

    private func fix(_ line: LineText, inPlaceOf node: YAMLNode) -> Fix {
        var isFlow = true
        if case .blockElement = place(of: node) { isFlow = false }
        let separator = isFlow ? ", " : newLine(at: node.range.start)
        let texts = line.services.map { services in
            ([(key: line.action.rawValue, value: Self.inline(services))] + line.rest).map {
                "\($0.key): \($0.value)"
            }
            .joined(separator: separator)
        }
        let shown = texts.map { $0.replacing(separator, with: ", ") }
        return Fix(
            "write " + shown.joined(separator: " or "),
            choices: texts.map { [Fix.Edit(node.range, isFlow ? "{\($0)}" : $0)] }
        )
    }

    private func fix(_ line: LineText, inPlaceOf entry: YAMLEntry, of node: YAMLNode) -> Fix {
        let isFlow = source.bytes[node.range.start] == UInt8(ascii: "{")
        let separator = isFlow ? ", " : newLine(at: entry.keyRange.start)
        let texts = line.services.map { services in
            ([Self.inline(services)] + line.rest.map { "\($0.key): \($0.value)" }).joined(
                separator: separator
            )
        }
        let shown = texts.map { "\(entry.key): " + $0.replacing(separator, with: ", ") }
        return Fix(
            "write " + shown.joined(separator: " or "),
            choices: texts.map { [Fix.Edit(entry.value.range, $0)] }
        )
    }

    private func newLine(at offset: Int) -> String {
        "\n" + String(repeating: " ", count: column(of: offset))
    }

    static func inline(_ services: [String]) -> String {
        services.count == 1 ? YAMLText.scalar(services[0]) : "[" + services.joined(separator: ", ") + "]"
    }

    /// `except: http`: what an exception leaves out are addresses, unless it says services. Returns whether there was
    /// something to report.
    mutating func reportExceptedServices(_ node: YAMLNode) -> Bool {
        let nodes: [YAMLNode]
        switch node.content {
        case .scalar: nodes = [node]
        case .sequence(let elements): nodes = elements
        case .mapping: return false
        }
        let texts = nodes.map { $0.scalar?.text ?? "" }
        let own = services.states.keys.sorted()
        let areOther = texts.allSatisfy { text in
            sets.states[text] == nil && text != SetsSection.localNetworksName
                && (try? AddressText.read(text)).map {
                    if case .interval = $0 { false } else { true }
                } ?? true
        }
        let meanings = texts.map { text in
            ServiceRepair.isService(text, own: own)
                ? [[text]] : UInt16(text) != nil ? ServiceRepair.meanings(of: text, own: own) : []
        }
        guard areOther, !texts.isEmpty, meanings.allSatisfy({ !$0.isEmpty }) else { return false }
        let most = meanings.map(\.count).max() ?? 1
        let choices = (0..<most).map { choice in
            "{services: \(Self.inline(meanings.flatMap { $0[min(choice, $0.count - 1)] }))}"
        }
        report(
            "policy.except.services",
            "services that a line leaves out stand under the key `services`",
            at: node.range,
            fix: mappingFix(choices, inPlaceOf: node)
        )
        return true
    }

    /// `port: 80` and `proto: tcp`. Returns whether there was something to report.
    mutating func reportPortKeys(_ node: YAMLNode, noun: String) -> Bool {
        guard case .mapping(let entries) = node.content else { return false }
        let foreign = entries.filter { Self.portKeys.contains($0.key.lowercased()) }
        guard let first = foreign.first else { return false }
        let action = node.entry("allow") ?? node.entry("deny")
        report(
            "policy.key.unknown",
            "\(noun) has no key `\(first.key)`: a service names its protocol and port",
            at: first.keyRange,
            fix: portFix(foreign, action)
        )
        return true
    }

    static let portKeys: Set<String> = [
        "port", "ports", "dport", "dports", "add-port", "proto", "protocol", "transport", "destination-port",
    ]

    private func portFix(_ foreign: [YAMLEntry], _ action: YAMLEntry?) -> Fix? {
        let words = foreign.map { Self.words(of: $0.value) }
        let named = action.map { Self.words(of: $0.value) } ?? ""
        // A port takes the place of the service that stands beside it.
        let isTransport =
            IPProtocol(name: named) != nil || UInt16(named) != nil || words.allSatisfy { Int($0) == nil }
        let members = ServiceCatalogue.named(named)?.members.members.keys
        let transport = members?.count == 1 ? members?.first?.description ?? "" : ""
        let text = ([isTransport ? named : transport] + words).joined(separator: " ")
        let meanings = ServiceRepair.meanings(of: text, own: services.states.keys.sorted())
        let kept = action ?? foreign[0]
        let removals = foreign.filter { $0.keyRange != kept.keyRange }.map { removal(of: $0) }
        guard !meanings.isEmpty else { return nil }
        let name = action?.key ?? "allow"
        let place = SourceRange(kept.keyRange.start, kept.value.range.end)
        let texts = meanings.map { "\(name): \(Self.inline($0))" }
        let isPossible = removals.allSatisfy { $0 != nil }
        return Fix(
            "write " + texts.joined(separator: " or "),
            choices: isPossible ? texts.map { [Fix.Edit(place, $0)] + removals.compactMap(\.self) } : []
        )
    }

    static func words(of node: YAMLNode) -> String {
        switch node.content {
        case .scalar(let scalar): scalar.text
        case .sequence(let elements): elements.map(words).joined(separator: " ")
        case .mapping: "…"
        }
    }
}

extension LineText {
    fileprivate var rest: [(key: String, value: String)] {
        parts + (isRejected ? [(key: "reject", value: "true")] : [])
    }
}
