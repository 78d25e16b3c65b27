import Diagnostics
import Netfilter
import PacketModel

/// One value where a section with keys is asked for: `log: true`, `management: 22`.
extension Reading {
    func logFix(_ node: YAMLNode) -> Fix? {
        guard let word = node.scalar?.text.lowercased() else { return nil }
        switch word {
        case "true", "yes", "on", "all", "any", "drop", "dropped", "deny", "denied", "enabled":
            return mappingFix(["{dropped: 5/minute}"], inPlaceOf: node)
        case "false", "no", "off", "none", "disabled":
            return fix(.remove("remove the key: without it nothing is logged"), of: node)
        default: break
        }
        if let level = Log.Level(rawValue: word == "warning" ? "warn" : word) {
            return mappingFix(["{dropped: 5/minute, level: \(level)}"], inPlaceOf: node)
        }
        let rates =
            (try? RateText.rate(word[...])) == nil ? RateRepair.meanings(of: word, isLimit: false) : [word]
        return mappingFix(rates.map { "{dropped: \($0)}" }, inPlaceOf: node)
    }

    /// `none` is never proposed: it ends what keeps the owner in.
    func managementFix(_ node: YAMLNode) -> Fix? {
        let words = Self.words(of: node)
        switch words.lowercased() {
        case "ssh", "sshd", "true", "yes", "on", "auto", "default":
            return fix(.remove("remove the key: the ports of sshd stay reachable without it"), of: node)
        case "false", "no", "off", "disabled", "never":
            let says = "remove the key: what stays reachable then is SSH; only `none` gives that up"
            return fix(.remove(says), of: node)
        default: break
        }
        if let ports = PortRepair.meanings(of: words).first {
            return mappingFix(["{ports: \(Self.list(ports))}"], inPlaceOf: node)
        }
        let entries = words.split { ", ".contains($0) }.map(String.init)
        let areAddresses = entries.allSatisfy { entry in
            if case .interval? = try? AddressText.read(entry) { true } else { sets.states[entry] != nil }
        }
        guard areAddresses, !entries.isEmpty else { return nil }
        return mappingFix(["{from: \(Self.list(entries.map(YAMLText.scalar)))}"], inPlaceOf: node)
    }

    func baselineFix(_ node: YAMLNode) -> Fix? {
        switch node.content {
        case .scalar: return fix(.remove("remove the key: the baseline holds without it"), of: node)
        case .sequence(let elements):
            let names = elements.compactMap { $0.scalar?.text }
            guard names.count == elements.count else { return nil }
            return mappingFix(
                ["{" + names.map { "\($0): true" }.joined(separator: ", ") + "}"],
                inPlaceOf: node
            )
        case .mapping: return nil
        }
    }

    func containersFix(_ node: YAMLNode) -> Fix? {
        switch node.scalar?.text.lowercased() {
        case "true", "yes", "on", "docker", "podman", "allow":
            return mappingFix(["{outbound: allow}"], inPlaceOf: node)
        case "false", "no", "off", "none":
            return fix(.remove("remove the key: then bridges are as other interfaces"), of: node)
        default: return nil
        }
    }

    /// A mapping in braces, or a list in brackets, for each choice; nil without any.
    func mappingFix(_ texts: [String], inPlaceOf node: YAMLNode) -> Fix? {
        guard !texts.isEmpty else { return nil }
        return Fix(
            "write " + texts.joined(separator: " or "),
            choices: texts.map { [Fix.Edit(node.range, $0)] }
        )
    }

    /// One value, or a list in brackets.
    static func list(_ texts: [String]) -> String {
        texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ", ") + "]"
    }
}
