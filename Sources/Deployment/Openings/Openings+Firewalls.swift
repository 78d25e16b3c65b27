import PacketModel
import Policy

/// Other firewalls on the host: a packet must pass both.
extension Openings {
    static func firewalls(_ rules: VisibleRules, _ policy: Policy?) -> [Opening] {
        var zones: [String: [VisibleRule]] = [:]
        for rule in rules.rules where rule.verdict == .accept {
            if let name = zone(of: rule) { zones[name, default: []].append(rule) }
        }
        return zones.sorted { $0.key < $1.key }.flatMap { name, accepts in
            let owner = name.split(separator: " ")[0]
            let where_ = name.dropFirst(owner.count + 1)
            return openings(String(owner), String(where_), accepts, policy)
        }
    }

    /// `firewalld zone public`, `ufw`
    private static func zone(of rule: VisibleRule) -> String? {
        let chain = rule.chain
        switch rule.owner?.name {
        case "firewalld":
            for start in ["filter_IN_", "IN_"] where chain.hasPrefix(start) && chain.hasSuffix("_allow") {
                let zone = chain.dropFirst(start.count).dropLast("_allow".count)
                return zone.hasPrefix("policy_") ? nil : "firewalld zone \(zone)"
            }
            return nil
        case "ufw": return ["ufw-user-input", "ufw6-user-input"].contains(chain) ? "ufw " : nil
        case "csf": return chain == "INPUT" && !rule.ports.isEmpty ? "csf " : nil
        default: return nil
        }
    }

    private static func openings(
        _ owner: String,
        _ place: String,
        _ accepts: [VisibleRule],
        _ policy: Policy?
    ) -> [Opening] {
        var services: [String] = []
        for service in accepts.flatMap(\.services) where !services.contains(service) {
            services.append(service)
        }
        guard !services.isEmpty else { return [] }
        let start = place.isEmpty ? "" : "\(place): "
        guard let policy else {
            return [Opening(kind: .admits, owner: owner, text: start + services.joined(separator: ", "))]
        }
        let allowed = policy.lines.filter { $0.direction == .inbound && $0.action == .allow }.map(\.services)
        let theirs = accepts.flatMap { rule in
            (rule.transports.isEmpty ? [.tcp, .udp] : rule.transports).flatMap { transport in
                rule.ports.map { ServiceSet(transport, IntervalSet($0)) }
            }
        }.reduce(ServiceSet()) { $0.union($1) }
        let ours = allowed.reduce(ServiceSet()) { $0.union($1) }
        guard !ours.isAny else {
            return [
                Opening(
                    kind: .admits,
                    owner: owner,
                    text: "\(start)\(words(theirs)); the policy lets in everything"
                )
            ]
        }
        let parts = [
            ("both let in", ours.subtracting(ours.subtracting(theirs))),
            ("only it", theirs.subtracting(ours)),
            ("only the policy", ours.subtracting(theirs)),
        ]
        let said = parts.filter { !$0.1.isEmpty }.map { "\($0.0) \(words($0.1))" }
        return [Opening(kind: .admits, owner: owner, text: start + said.joined(separator: "; "))]
    }

    private static func words(_ services: ServiceSet) -> String { ServiceWords(IntervalSet(services)).text }
}
