package import PacketModel

/// What starts conversations: for each protocol, what it is asked for.
///
/// The members are destination ports for protocols that have them, type and code (in the high and the low byte)
/// for ICMP and ICMPv6, and everything for other protocols.
package struct ServiceSet: Hashable, Sendable {
    /// Every protocol there is; `members` is empty then.
    package private(set) var isAny: Bool
    package private(set) var members: [IPProtocol: IntervalSet<UInt16>]

    package static let any = ServiceSet(isAny: true, members: [:])

    package init() {
        self.init(isAny: false, members: [:])
    }

    package init(_ transportProtocol: IPProtocol, _ members: IntervalSet<UInt16> = .full) {
        self.init(isAny: false, members: members.isEmpty ? [:] : [transportProtocol: members])
    }

    private init(isAny: Bool, members: [IPProtocol: IntervalSet<UInt16>]) {
        self.isAny = isAny
        self.members = members
    }

    package var isEmpty: Bool { !isAny && members.isEmpty }

    package func union(_ other: ServiceSet) -> ServiceSet {
        if isAny || other.isAny { return .any }
        return ServiceSet(isAny: false, members: members.merging(other.members) { $0.union($1) })
    }

    /// Without what is in `other`.
    ///
    /// From `any` every protocol is listed that remains.
    package func subtracting(_ other: ServiceSet) -> ServiceSet {
        if other.isAny { return ServiceSet() }
        if other.isEmpty { return self }
        let minuend =
            isAny
            ? Dictionary(uniqueKeysWithValues: (0...UInt8.max).map { (IPProtocol(number: $0), .full) })
            : members
        let rest = minuend.mapValuesWithKeys { $1.subtracting(other.members[$0] ?? []) }
        return ServiceSet(isAny: false, members: rest.filter { !$0.value.isEmpty })
    }

    /// The protocols that packets are asked for, in order. iptables takes `-p 0` for every protocol, and no host speaks
    /// that one: it is in `any` alone.
    package var asked: [(transportProtocol: IPProtocol, members: IntervalSet<UInt16>)] {
        members.filter { $0.key.number != 0 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Whether a packet of this protocol that asks for `member` starts one of these services.
    package func contains(_ transportProtocol: IPProtocol, _ member: UInt16) -> Bool {
        isAny || transportProtocol.number != 0 && members[transportProtocol]?.contains(member) == true
    }
}

extension Dictionary {
    fileprivate func mapValuesWithKeys<Result>(_ transform: (Key, Value) -> Result) -> [Key: Result] {
        Dictionary<Key, Result>(uniqueKeysWithValues: map { ($0.key, transform($0.key, $0.value)) })
    }
}
