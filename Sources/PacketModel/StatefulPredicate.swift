/// A condition that keeps state in the kernel.
package enum StatefulPredicate: Hashable, Sendable {
    /// A token is left in the bucket; it is taken.
    case withinRate(TokenBucket)
    /// As ``withinRate(_:)``, with a bucket for each tuple of these fields.
    case withinRateOfEach([MaskedField], TokenBucket)
    case recentlySeen(RecentList)
    /// No more connections live than that, this one counted.
    case connections(ConnectionCount)
    /// Bytes are left; the packet takes its own.
    case quota(bytes: UInt64)
    /// One packet of so many, the first after `offset` others.
    case everyNth(UInt32, offset: UInt32)
}

/// A bucket that holds `burst` tokens and gains `rate` of them; empty buckets refuse.
package struct TokenBucket: Hashable, Sendable {
    /// What packets share a bucket.
    package enum Key: Hashable, Sendable {
        /// One bucket for all.
        case shared
        /// One for each source; IPv6 sources count by their prefix of this length.
        case source(ipv6PrefixLength: Int)
        case destination(ipv6PrefixLength: Int)

        /// Nil for one bucket for all.
        package var ipv6PrefixLength: Int? {
            switch self {
            case .shared: nil
            case .source(let length), .destination(let length): length
            }
        }
    }

    package var rate: Rate
    package var burst: UInt32
    package var key: Key
    /// Names the state in the kernel: an nft dynamic set, a hashlimit table. Nil for state of the rule alone.
    package var name: String?

    package init(rate: Rate, burst: UInt32, key: Key = .shared, name: String? = nil) {
        self.rate = rate
        self.burst = burst
        self.key = key
        self.name = name
    }

    /// The time in which an empty bucket fills, in seconds, rounded up.
    package var refillSeconds: Int {
        Int((UInt64(burst) * UInt64(rate.unit.seconds) + UInt64(rate.count) - 1) / UInt64(rate.count))
    }
}

/// So many in a unit of time.
package struct Rate: Hashable, Sendable {
    package enum Unit: String, CaseIterable, Sendable {
        case second
        case minute
        case hour
        case day

        package var seconds: Int {
            switch self {
            case .second: 1
            case .minute: 60
            case .hour: 3_600
            case .day: 86_400
            }
        }
    }

    /// At least 1.
    package let count: UInt32
    package let unit: Unit

    /// Returns nil for a rate of nothing.
    package init?(_ count: UInt32, per unit: Unit) {
        guard count > 0 else { return nil }
        self.count = count
        self.unit = unit
    }
}

extension Rate: CustomStringConvertible {
    package var description: String { "\(count)/\(unit.rawValue)" }
}

/// A field, or the leading bits of an address.
package struct MaskedField: Hashable, Sendable {
    package var field: Field
    package var mask: UInt128

    package init(_ field: Field, mask: UInt128 = .max) {
        self.field = field
        self.mask = mask
    }
}

/// A named list of addresses with the times at which they were seen (iptables-extensions(8), "recent").
package struct RecentList: Hashable, Sendable {
    package enum Verb: Hashable, Sendable {
        case set
        case check
        case update
        case remove
    }

    package var name: String
    package var verb: Verb
    package var key: MaskedField
    /// Only times within so many seconds count; nil for all.
    package var seconds: UInt32?
    /// Of them there must be so many.
    package var hits: UInt32
    /// Older times are forgotten when the address is looked at.
    package var reaps: Bool
    /// The packet came from as far away as the one before.
    package var comparesHopLimit: Bool

    package init(
        name: String,
        verb: Verb,
        key: MaskedField,
        seconds: UInt32? = nil,
        hits: UInt32 = 0,
        reaps: Bool = false,
        comparesHopLimit: Bool = false
    ) {
        self.name = name
        self.verb = verb
        self.key = key
        self.seconds = seconds
        self.hits = hits
        self.reaps = reaps
        self.comparesHopLimit = comparesHopLimit
    }
}

/// So many connections with the same address (iptables-extensions(8), "connlimit").
package struct ConnectionCount: Hashable, Sendable {
    package var most: UInt32
    package var key: MaskedField

    package init(most: UInt32, key: MaskedField) {
        self.most = most
        self.key = key
    }
}
