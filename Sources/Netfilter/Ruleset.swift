/// Everything that one owner puts into the kernel.
package struct Ruleset: Sendable {
    package var tables: [Table]
    /// Sets that live outside tables (ipset(8)); nftables keeps its sets in the table.
    package var sets: [NamedSet]

    package init(tables: [Table], sets: [NamedSet] = []) {
        self.tables = tables
        self.sets = sets
    }
}

/// A table of chains.
package struct Table: Sendable {
    package enum Family: String, Sendable {
        case ip
        case ip6
        case inet
    }

    package var family: Family
    package var name: String
    package var comment: String?
    package var sets: [NamedSet]
    package var chains: [Chain]

    package init(
        family: Family,
        name: String,
        comment: String? = nil,
        sets: [NamedSet] = [],
        chains: [Chain] = []
    ) {
        self.family = family
        self.name = name
        self.comment = comment
        self.sets = sets
        self.chains = chains
    }
}

/// A list of rules, entered from a hook or by a jump.
package struct Chain: Hashable, Sendable {
    /// Where the kernel enters a base chain.
    package struct Hook: Hashable, Sendable {
        package enum Kind: String, Sendable {
            case filter
            case nat
            /// As filter, of packets that the host sends: the way is looked up again when the packet changed.
            case route
        }

        package enum Point: String, CaseIterable, Sendable {
            case prerouting
            case input
            case forward
            case output
            case postrouting
        }

        package var kind: Kind
        package var point: Point
        /// Lower comes first (linux/netfilter_ipv4.h, `enum nf_ip_hook_priorities`).
        package var priority: Int
        package var policy: Policy

        package init(kind: Kind, point: Point, priority: Int, policy: Policy) {
            self.kind = kind
            self.point = point
            self.priority = priority
            self.policy = policy
        }
    }

    /// What happens to a packet that reaches the end of a base chain.
    package enum Policy: String, Sendable {
        case accept
        case drop
    }

    package var name: String
    package var hook: Hook?
    package var comment: String?
    package var rules: [Rule]

    package init(_ name: String, hook: Hook? = nil, comment: String? = nil, rules: [Rule] = []) {
        self.name = name
        self.hook = hook
        self.comment = comment
        self.rules = rules
    }
}
