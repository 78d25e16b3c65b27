package import PacketModel
import Policy

extension AnsweredName {
    /// Those of a policy; nil where it has none.
    static func all(of policy: Policy) -> [AnsweredName]? {
        guard !policy.hosts.isEmpty else { return nil }
        return policy.hosts.map { host in
            AnsweredName(
                name: host.name,
                allowsPrivate: host.allowsPrivate,
                addresses: (policy.answers[host.name] ?? []).map(\.description)
            )
        }
    }
}

extension Generation {
    /// What each DNS name was answered with.
    package var answers: [String: [IPAddress]] {
        Dictionary(
            (names ?? []).map { ($0.name, $0.addresses.compactMap { IPAddress($0) }) },
            uniquingKeysWith: { first, _ in first }
        )
    }
}
