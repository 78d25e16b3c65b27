import Diagnostics
import Kernel
import PacketModel
package import Policy
import SystemPackage

/// Who opens what on this host, besides the policy.
package struct Openings: Sendable {
    package let all: [Opening]
    package let translations: [PortTranslation]

    /// Of the caller's network namespace. With a policy it is said what of the services of another firewall only that lets
    /// in, and what only the policy.
    package static func read(state: String, comparing policy: Policy?) async -> Openings {
        let request = PreflightRequest(backend: .nftables, stateFolder: FilePath(state))
        return Openings(await VisibleRules(reading: PreflightHost(request)), comparing: policy)
    }

    init(_ rules: VisibleRules, comparing policy: Policy?) {
        translations = rules.translations
        let found =
            Self.translated(translations) + Self.interfaces(rules) + Self.ofIPsec(rules)
            + Self.firewalls(rules, policy) + Self.bans(rules) + Self.preceding(rules)
            + rules.unread.map { Opening(kind: .unseen, owner: Self.unknown, text: "not looked at: \($0)") }
        all = Opening.Kind.allCases.flatMap { kind in found.filter { $0.kind == kind } }
    }

    /// So many of one owner are named; the others are counted.
    private static let mostNamed = 12
    private static let unknown = "somebody"

    private static func translated(_ translations: [PortTranslation]) -> [Opening] {
        var order: [Opening] = []
        for translation in translations {
            let opening: Opening
            let owner = translation.owner ?? unknown
            switch translation.target {
            case .elsewhere(let target):
                opening = Opening(
                    kind: .publishes,
                    owner: owner,
                    text: "\(translation.service), to \(target)"
                )
            case .here(let port):
                opening = Opening(
                    kind: .redirects,
                    owner: owner,
                    text: "\(translation.service), to port \(port) here"
                )
            case .proxy(let port):
                let where_ = port.map { " on port \($0)" } ?? ""
                opening = Opening(
                    kind: .redirects,
                    owner: owner,
                    text: "\(translation.service), to a transparent proxy\(where_)"
                )
            }
            if !order.contains(opening) { order.append(opening) }
        }
        return Dictionary(grouping: order) { "\($0.kind.rawValue) \($0.owner)" }.sorted { $0.key < $1.key }
            .flatMap { _, openings in few(openings) }
    }

    private static func few(_ openings: [Opening]) -> [Opening] {
        guard openings.count > mostNamed, let first = openings.first else { return openings }
        let rest = openings.count - mostNamed
        return openings.prefix(mostNamed) + [
            Opening(kind: first.kind, owner: first.owner, text: "and \(rest) more")
        ]
    }

    /// Rules that let in whatever comes by an interface.
    private static func interfaces(_ rules: VisibleRules) -> [Opening] {
        var seen: Set<Opening> = []
        return rules.rules.compactMap { rule in
            guard rule.verdict == .accept, rule.ports.isEmpty, rule.transports.isEmpty, !rule.isOfIPsec,
                rule.source == nil, let input = rule.input, input != "lo"
            else { return nil }
            let isBridge = [InterfacePattern].guestBridges.contains { $0.matches(input) }
            let ours = isBridge ? ", which  containers:  governs" : ""
            return Opening(
                kind: .admits,
                owner: rule.owner?.name ?? unknown,
                text: "everything that comes by \(input)\(ours)"
            )
        }.filter { seen.insert($0).inserted }
    }

    private static func ofIPsec(_ rules: VisibleRules) -> [Opening] {
        let owners = Set(
            rules.rules.filter { $0.isOfIPsec && $0.verdict == .accept }.map { $0.owner?.name ?? unknown }
        )
        return owners.sorted().map { Opening(kind: .admits, owner: $0, text: "what came by IPsec") }
    }

    /// Who bans, and how many: chains by their rules, sets by what the kernel counts.
    private static func bans(_ rules: VisibleRules) -> [Opening] {
        var counts: [String: (chains: Int, known: Int, sets: [String])] = [:]
        for rule in rules.rules where rule.verdict == .refuse {
            guard let owner = rule.owner, owner.renewal == .bans, rule.source?.isEmpty == false else {
                continue
            }
            counts[owner.name, default: (0, 0, [])].chains += 1
        }
        for set in rules.sets {
            guard let owner = set.owner, owner.renewal == .bans else { continue }
            counts[owner.name, default: (0, 0, [])].known.grow(by: set.count ?? 0)
            if set.count == nil { counts[owner.name, default: (0, 0, [])].sets.append(set.name) }
        }
        return counts.sorted { $0.key < $1.key }.map { owner, count in
            var number = count.chains
            number.grow(by: count.known)
            var text = "\(number) address\(number == 1 ? "" : "es") or networks"
            if !count.sets.isEmpty {
                text +=
                    ", and what is in \(count.sets.joined(separator: ", ")): this kernel does not count it"
            }
            return Opening(kind: .bans, owner: owner, text: text)
        }
    }

    private static func preceding(_ rules: VisibleRules) -> [Opening] {
        rules.before.sorted { $0.key < $1.key }.flatMap { chain, owners in
            Set(owners.map { $0?.name ?? unknown }).sorted().map { owner in
                let count = owners.count { ($0?.name ?? unknown) == owner }
                return Opening(
                    kind: .precedes,
                    owner: owner,
                    text: "\(count) rule\(count == 1 ? "" : "s") before ours in \(chain)"
                )
            }
        }
    }
}
