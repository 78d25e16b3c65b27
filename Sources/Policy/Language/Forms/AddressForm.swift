import Diagnostics
import PacketModel

extension Form where Value == AddressSet {
    /// One address, prefix, range or name of a set, or a list of them.
    static var addresses: Form { addresses(takingHosts: false) }

    /// The same, and where sets are made, DNS names.
    static func addresses(takingHosts: Bool) -> Form {
        Form(schema: .reference(to: "addresses")) { node, reading in
            var collector = AddressCollector(takesHosts: takingHosts)
            switch node.content {
            case .scalar, .mapping:
                collector.add(node, &reading)
            case .sequence(let elements):
                if elements.isEmpty {
                    reading.reportEmpty("this list is empty", node)
                    return nil
                }
                for element in elements { collector.add(element, &reading) }
            }
            return collector.isComplete ? collector.addresses : nil
        }
    }

    static var addressesSchema: JSONValue {
        let one: JSONValue = ["type": "string", "minLength": 1]
        return ["anyOf": [one, ["type": "array", "items": one, "minItems": 1]]]
    }
}

/// Gathers the entries of a list; the set is made once, at the end.
private struct AddressCollector {
    let takesHosts: Bool
    private var ipv4: [Interval<UInt128>] = []
    private var ipv6: [Interval<UInt128>] = []
    private var named: [AddressSet] = []
    private(set) var isComplete = true

    init(takesHosts: Bool) {
        self.takesHosts = takesHosts
    }

    var addresses: AddressSet {
        let written = AddressSet(ipv4: IntervalSet(ipv4), ipv6: IntervalSet(ipv6))
        return named.reduce(written) { $0.union($1) }
    }

    mutating func add(_ node: YAMLNode, _ reading: inout Reading) {
        guard let scalar = node.scalar, scalar.kind == .string, !scalar.text.isEmpty else {
            isComplete = false
            let fix =
                Self.quotedAddress(in: node) ?? reading.namedAddressFix(node) ?? reading.listFix(node)
                ?? reading.fixOfNothing(node)
            reading.reportType(node, expected: "an address, a prefix, a range or the name of a set", fix: fix)
            return
        }
        if takesHosts, scalar.text.hasPrefix("/") || scalar.text.hasPrefix("./") {
            isComplete = false
            reading.report(
                "policy.set.path",
                "a set from a file says so with the key `file`",
                at: node.range,
                fix: reading.mappingFix(["{file: \(YAMLText.scalar(scalar.text))}"], inPlaceOf: node)
            )
            return
        }
        if takesHosts, let name = HostName.name(in: scalar.text) {
            named.append(reading.addresses(of: HostName(name: name, allowsPrivate: false), at: node.range))
            return
        }
        // A set may be called `all` or `any`, which are no words of the language here.
        if reading.sets.states[scalar.text] != nil {
            add(set: scalar.text, at: node, &reading)
            return
        }
        do {
            switch try AddressText.read(scalar.text) {
            case .interval(.ipv4, let interval): ipv4.append(interval)
            case .interval(.ipv6, let interval): ipv6.append(interval)
            case .name: add(set: scalar.text, at: node, &reading)
            }
        } catch {
            isComplete = false
            reading.report(error, in: node, fix: reading.addressFix(error, scalar.text, of: node))
        }
    }

    private mutating func add(set name: String, at node: YAMLNode, _ reading: inout Reading) {
        if let set = reading.addresses(named: name, at: node) {
            named.append(set)
            if reading.setsOfHosts.contains(name) { reading.mentionHosts() }
        } else {
            isComplete = false
        }
    }

    /// `- 2001:db8::` is a mapping to YAML, with the key `2001:db8:`.
    private static func quotedAddress(in node: YAMLNode) -> Fix? {
        guard case .mapping(let entries) = node.content, let first = entries.first, first.value.isNull
        else { return nil }
        guard let address = IPAddress(first.key + ":") else { return nil }
        let place = SourceRange(first.keyRange.start, first.keyRange.end + 1)
        return Fix("write \"\(address)\"", [Fix.Edit(place, "\"\(address)\"")], safety: .certain)
    }
}

extension Reading {
    /// What to write where a text is no address; nil where the error says it itself.
    fileprivate func addressFix(_ problem: TextProblem, _ text: String, of node: YAMLNode) -> Fix? {
        guard problem.fix == nil, diagnostics.count < Self.mostDiagnostics else { return nil }
        if problem.code == AddressText.nameCode { return setFix(ofHost: text, at: node) }
        if let mark = text.firstRange(of: "://") {
            let host = text[mark.upperBound...].prefix { !"/:".contains($0) }
            return IPAddress(host) == nil
                ? setFix(ofHost: String(host), at: node) : fix(.write(String(host)), of: node)
        }
        let names = Set(sets.states.keys).union([SetsSection.localNetworksName])
        return AddressRepair.repair(of: text, sets: names).map { fix($0, of: node) }
    }

    /// `{address: 192.0.2.1}`
    fileprivate func namedAddressFix(_ node: YAMLNode) -> Fix? {
        guard case .mapping(let entries) = node.content, entries.count == 1,
            ["address", "addresses", "ip", "ips", "addr", "cidr", "host", "net", "network"].contains(
                entries[0].key
            ),
            let text = YAMLText.flow(entries[0].value)
        else { return nil }
        return mappingFix([text], inPlaceOf: node)
    }

    /// Words for addresses that others have, and an interface where an address is asked for.
    private func wordFix(_ name: String, at node: YAMLNode) -> Fix? {
        if ["lan", "local", "localnet", "private", "rfc1918", "internal", "home", "intranet"].contains(
            name.lowercased()
        ),
            interfaces.states[name] == nil
        {
            return .write(SetsSection.localNetworksName)
        }
        let bare = name.drop { "@$".contains($0) }
        if bare.count < name.count, sets.states[String(bare)] != nil { return .write(String(bare)) }
        guard interfaces.states[name] != nil || InterfaceRepair.looksLikeInterface(name),
            let key = key(ofValueAt: node.range.start)
        else { return nil }
        let other = ["from": "in", "to": "out"][
            String(decoding: source.bytes[key.start..<key.end], as: UTF8.self)
        ]
        return other.map { Fix("write \($0): \(name)", [Fix.Edit(key, $0)]) }
    }

    /// The addresses of a set; nil after an error.
    mutating func addresses(named name: String, at node: YAMLNode) -> AddressSet? {
        if name == SetsSection.localNetworksName { return SetsSection.localNetworks }
        guard sets.states[name] != nil else {
            let known = sets.states.keys.sorted() + [SetsSection.localNetworksName]
            report(
                "policy.set.unknown",
                "no set is called `\(name)`",
                at: node.range,
                notes: ["sets are defined under `sets:`"],
                fix: wordFix(name, at: node) ?? suggestion(for: name, among: known)
            )
            return nil
        }
        return set(named: name, at: node.range)
    }

    /// The addresses of a set that is defined here; nil after an error.
    mutating func set(named name: String, at range: SourceRange) -> AddressSet? {
        value(of: name, in: \.sets, at: range) { node, reading in
            let mentions = reading.hostMentions
            let set = SetsSection.definition.read(node, &reading)
            if reading.hostMentions > mentions { reading.noteHosts(in: name) }
            return set
        }
    }
}
