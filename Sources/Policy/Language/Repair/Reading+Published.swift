import Diagnostics
import PacketModel

/// Published ports as container engines write them.
extension Reading {
    /// `8080:80`, `127.0.0.1:8080:80/tcp`, `port: 80`. Returns whether there was something to report.
    mutating func reportPublishedSlip(_ node: YAMLNode) -> Bool {
        if let entry = node.entry("port") ?? node.entry("ports"), node.entry("allow") == nil {
            let meanings = ServiceRepair.meanings(of: Self.words(of: entry.value), own: [])
            let place = SourceRange(entry.keyRange.start, entry.value.range.end)
            let texts = meanings.map { "allow: \(Self.inline($0))" }
            report(
                "policy.key.unknown",
                "a published port has no key `\(entry.key)`: a service names its protocol and port",
                at: entry.keyRange,
                fix: Fix(
                    "write " + texts.joined(separator: " or "),
                    choices: texts.map { [Fix.Edit(place, $0)] }
                )
            )
            return true
        }
        guard let text = node.scalar?.text, services.states[text] == nil else { return false }
        let names = sets.states.keys + [SetsSection.localNetworksName]
        if text.contains(" from "),
            let line = LineText(text, direction: .inbound, services: [], sets: Array(names)),
            line.services.count == 1
        {
            let parts =
                ["allow: \(Self.inline(line.services[0]))"] + line.parts.map { "\($0.key): \($0.value)" }
            let fix = mappingFix(["{" + parts.joined(separator: ", ") + "}"], inPlaceOf: node)
            report(
                "policy.line.words",
                "each part of a published port has its own key",
                at: node.range,
                fix: fix
            )
            return true
        }
        let transport = text.hasSuffix("/udp") ? "udp" : "tcp"
        var parts = text.split(separator: "/", maxSplits: 1)[0].split(separator: ":").map(String.init)
        let host = parts.count == 3 ? parts.removeFirst() : nil
        guard parts.count == 2, parts.allSatisfy({ $0.allSatisfy { $0.isNumber || $0 == "-" } }) else {
            return false
        }
        let isInside = host.flatMap { IPAddress($0) }.map { $0.isLoopback } ?? false
        report(
            "policy.service.form",
            isInside
                ? "what is published on a loopback address is not reached from outside"
                : "a published port is named by the number that clients ask for",
            at: node.range,
            fix: isInside
                ? Fix("remove it", choices: removal(ofElement: node).map { [[$0]] } ?? [])
                : fix(.write("\(transport)/\(parts[0])"), of: node)
        )
        return true
    }
}
