package import Diagnostics
import Kernel
package import PacketModel
package import Policy

/// What the DNS names of a policy stand for now: what a name server said of them, as far as that can be believed, else
/// what it said the last time.
package struct NameLookup: Sendable {
    /// Only names that stand for something.
    package private(set) var addresses: [String: [IPAddress]] = [:]
    /// Errors for names that never were answered, warnings for those that keep an old answer.
    package private(set) var diagnostics: [Diagnostic] = []

    /// A resolver that is down must not hold an apply up for long.
    private static let limit = Duration.seconds(5)

    /// `kept` are the answers from before.
    package static func ask(_ hosts: [HostName], kept: [String: [IPAddress]]) async -> NameLookup {
        let answers = await NameService.ask(Set(hosts.map(\.name)), within: limit)
        var lookup = NameLookup()
        for name in answers.keys.sorted() {
            let takesPrivate = hosts.contains { $0.name == name && $0.allowsPrivate }
            switch answers[name] {
            case .addresses(let said): lookup.take(said, of: name, takesPrivate, kept: kept[name])
            case .unanswered(let reason): lookup.keep(kept[name], of: name, because: reason)
            case nil: break
            }
        }
        return lookup
    }

    private mutating func take(
        _ said: [IPAddress],
        of name: String,
        _ takesPrivate: Bool,
        kept: [IPAddress]?
    ) {
        let usable = said.filter { HostAnswer.isUsable($0, allowingPrivate: takesPrivate) }
        let refused = said.filter { !usable.contains($0) }.map { address in
            "\(address) is \(HostAnswer.refusal(address)?.words ?? "refused")"
        }.joined(separator: ", ")
        if usable.isEmpty {
            return keep(kept, of: name, because: "\(refused) and not taken", fix: Self.fix(said))
        }
        addresses[name] = usable
        guard !refused.isEmpty else { return }
        diagnostics.append(
            Diagnostic(
                .warning,
                code: "policy.host.refused",
                "a part of the answer for `\(name)` is not taken: \(refused)",
                fix: Self.fix(said)
            )
        )
    }

    private mutating func keep(
        _ kept: [IPAddress]?,
        of name: String,
        because reason: String,
        fix: Fix? = nil
    ) {
        if let kept, !kept.isEmpty {
            addresses[name] = kept
            let texts = kept.map(\.description).joined(separator: ", ")
            diagnostics.append(
                Diagnostic(
                    .warning,
                    code: "policy.host.kept",
                    "`\(name)` keeps its last answer, \(texts): \(reason)",
                    fix: fix
                )
            )
        } else {
            diagnostics.append(
                Diagnostic(
                    code: "policy.host.unanswered",
                    "`\(name)` cannot be resolved: \(reason)",
                    fix: fix ?? "try it with  getent ahosts \(name)  or write addresses instead"
                )
            )
        }
    }

    private static func fix(_ said: [IPAddress]) -> Fix? {
        said.contains { HostAnswer.refusal($0) == .isPrivate }
            ? "write {dns: NAME, private: true} under sets if private addresses are meant" : nil
    }
}

extension HostAnswer.Refusal {
    fileprivate var words: String {
        switch self {
        case .loopback: "a loopback address"
        case .multicast: "a multicast address"
        case .unspecified: "no address of a host"
        case .isPrivate: "private"
        }
    }
}
