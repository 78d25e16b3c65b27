/// What a rule asks of a packet before it acts.
package indirect enum Condition: Hashable, Sendable {
    /// The field's value is in a set; addresses of IPv4 are below 2³².
    case field(Field, in: IntervalSet<UInt128>)
    /// The field's bits under `mask` are exactly `value`.
    case bits(Field, mask: UInt128, value: UInt128)
    /// An interface's name is one of these, or begins as one of these.
    case interface(Field, matches: [InterfacePattern])
    /// The tuple of these fields is in the named set of the table.
    case member([Field], of: String)
    /// Holds or not by what went before.
    case stateful(StatefulPredicate)
    case not(Condition)

    package static func field(
        _ field: Field,
        is value: some FixedWidthInteger & UnsignedInteger
    ) -> Condition {
        .field(field, in: [UInt128(value)])
    }

    package static func family(_ family: IPFamily) -> Condition {
        .field(.family, is: family.version)
    }

    package static func state(_ states: ConnectionState...) -> Condition {
        .field(.connectionState, in: IntervalSet(states.map { Interval(UInt128($0.rawValue)) }))
    }

    package static func status(_ status: ConnectionStatus) -> Condition {
        .bits(.connectionStatus, mask: UInt128(status.rawValue), value: UInt128(status.rawValue))
    }

    package static func transportProtocol(_ protocols: IPProtocol...) -> Condition {
        .field(.transportProtocol, in: IntervalSet(protocols.map { Interval(UInt128($0.number)) }))
    }

    /// The host's clock has not come to this second.
    package static func before(_ end: CalendarTime) -> Condition {
        .field(.time, in: IntervalSet([Interval(0, UInt128(max(end.seconds, 1)) - 1)].compactMap(\.self)))
    }

    package static func flags(_ flags: TCPFlags, of mask: TCPFlags) -> Condition {
        .bits(.tcpFlags, mask: UInt128(mask.rawValue), value: UInt128(flags.rawValue))
    }
}

/// A condition that keeps state in the kernel.
package enum StatefulPredicate: Hashable, Sendable {
    /// A token is left in the bucket; it is taken.
    case withinRate(TokenBucket)
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

        package var seconds: Int {
            switch self {
            case .second: 1
            case .minute: 60
            case .hour: 3_600
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
