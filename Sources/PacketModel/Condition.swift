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
    /// One of these holds.
    case anyOf([Condition])
    /// The packet has no such field.
    case absent(Field)
    /// Words of a rule that the model does not know, as they are written: they may hold or not.
    case unknown(String)
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

    /// NAT left the destination alone, as iptables says it: so it did for a packet without a connection
    /// (net/netfilter/xt_conntrack.c, `conntrack_mt`), of which nft says neither this nor the contrary.
    package static let destinationLeftAlone = Condition.not(.anyOf([.status(.destinationNAT)]))

    package static func transportProtocol(_ protocols: IPProtocol...) -> Condition {
        .field(.transportProtocol, in: IntervalSet(protocols.map { Interval(UInt128($0.number)) }))
    }

    /// The host's clock has not come to this second.
    package static func before(_ end: CalendarTime) -> Condition {
        .field(.time, in: IntervalSet([Interval(0, UInt128(max(end.seconds, 1)) - 1)].compactMap(\.self)))
    }

    /// All of these hold.
    package static func all(_ conditions: [Condition]) -> Condition {
        .not(.anyOf(conditions.map(Condition.not)))
    }

    package static func flags(_ flags: TCPFlags, of mask: TCPFlags) -> Condition {
        .bits(.tcpFlags, mask: UInt128(mask.rawValue), value: UInt128(flags.rawValue))
    }
}
