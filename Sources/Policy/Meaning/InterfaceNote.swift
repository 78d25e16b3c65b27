package import Diagnostics
import PacketModel

extension Policy {
    /// Notes of the interfaces that lines name and the host has not; they may come later, as those of a VPN do.
    package func interfaceDiagnostics(present: [String]) -> [Diagnostic] {
        var missing: [String: [Origin]] = [:]
        let named =
            lines.map { (($0.inputInterfaces ?? []) + ($0.outputInterfaces ?? []), $0.origin) }
            + nat.map { (($0.inputInterfaces ?? []) + ($0.outputInterfaces ?? []), $0.origin) }
        for (patterns, origin) in named {
            for pattern in patterns where !pattern.isWildcard && !present.contains(pattern.text) {
                missing[pattern.text, default: []].append(origin)
            }
        }
        return missing.sorted { $0.key < $1.key }.map { name, origins in
            let lines = origins.map { String($0.line) }.joined(separator: ", ")
            return Diagnostic(
                .note,
                code: "policy.interface.absent",
                "this host has no interface `\(name)` now (line \(lines))",
                at: origins.first.map { Diagnostic.Label(source, $0.range) },
                notes: ["it has: " + present.sorted().joined(separator: ", ")]
            )
        }
    }
}
