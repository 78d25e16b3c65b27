import Netfilter
import PacketModel
import Policy

/// nft 1.0.2 and older refuse a set of interface names in which one ends in `*` ("Byteorder mismatch"). Such a name is
/// asked for by itself, which every version takes; a list of plain names stays one look-up.
extension Chain {
    var withoutMixedInterfaces: Chain {
        var chain = self
        chain.rules = rules.flatMap(\.withoutMixedInterfaces)
        return chain
    }
}

extension Rule {
    /// Rules of which at most one holds for a packet, and one does just where this rule does.
    var withoutMixedInterfaces: [Rule] {
        var empty = self
        empty.conditions = []
        return conditions.reduce(into: [empty]) { rules, condition in
            rules = rules.flatMap { rule in
                condition.withWildcardsApart.map { added in
                    var rule = rule
                    rule.conditions += added
                    return rule
                }
            }
        }
    }
}

extension Condition {
    /// Lists of conditions: where this one holds, all of exactly one list hold.
    fileprivate var withWildcardsApart: [[Condition]] {
        switch self {
        case .interface(let field, let patterns):
            patterns.withWildcardsApart.map { [.interface(field, matches: $0)] }
        case .not(.interface(let field, let patterns)):
            [patterns.withWildcardsApart.map { .not(.interface(field, matches: $0)) }]
        case .field, .bits, .member, .stateful, .anyOf, .absent, .unknown, .not:
            [[self]]
        }
    }
}

extension [InterfacePattern] {
    /// The plain names in one list and each name with a `*` in its own, so that no name is in two of them.
    fileprivate var withWildcardsApart: [[InterfacePattern]] {
        guard count > 1, contains(where: \.isWildcard) else { return [self] }
        let widest = Set(self).filter { pattern in
            !contains { $0 != pattern && $0.isWildcard && pattern.stem.hasPrefix($0.stem) }
        }
        let names = widest.filter { !$0.isWildcard }.sorted()
        return (names.isEmpty ? [] : [names]) + widest.filter(\.isWildcard).sorted().map { [$0] }
    }
}
