package import PacketModel

/// One `allow` or `deny` line.
///
/// It speaks of every packet that is in all of its parts at once; a nil part is no constraint.
/// `except` is already carved out.
package struct PolicyLine: Sendable {
    package enum Action: String, Sendable {
        case allow
        case deny
    }

    package var direction: Direction
    package var action: Action
    package var services: ServiceSet
    package var source: AddressSet?
    package var destination: AddressSet?
    /// Sorted, without duplicates; never empty.
    package var inputInterfaces: [InterfacePattern]?
    package var outputInterfaces: [InterfacePattern]?
    /// Users that own the sending socket; outbound only.
    package var users: IntervalSet<UInt32>?
    /// Belongs to an allow.
    package var limit: Limit?
    /// The rate at which what the line decides is logged; nil for silence.
    package var log: Rate?
    /// A deny that answers instead of keeping silent.
    package var rejects: Bool
    /// The line ends by itself then; nil for one that stays.
    package var until: CalendarTime?
    /// Some of its addresses are those of DNS names: they change while the line is live.
    package var followsNames: Bool
    package var comment: String?
    package var origin: Origin

    package init(
        direction: Direction,
        action: Action,
        services: ServiceSet,
        source: AddressSet? = nil,
        destination: AddressSet? = nil,
        inputInterfaces: [InterfacePattern]? = nil,
        outputInterfaces: [InterfacePattern]? = nil,
        users: IntervalSet<UInt32>? = nil,
        limit: Limit? = nil,
        log: Rate? = nil,
        rejects: Bool = false,
        until: CalendarTime? = nil,
        followsNames: Bool = false,
        comment: String? = nil,
        origin: Origin
    ) {
        self.direction = direction
        self.action = action
        self.services = services
        self.source = source
        self.destination = destination
        self.inputInterfaces = inputInterfaces
        self.outputInterfaces = outputInterfaces
        self.users = users
        self.limit = limit
        self.log = log
        self.rejects = rejects
        self.until = until
        self.followsNames = followsNames
        self.comment = comment
        self.origin = origin
    }

    /// A deny of every service: it holds for established traffic too.
    package var isBan: Bool { action == .deny && services.isAny }
}

/// The limit of an allow: a token bucket that all services of the line share.
package struct Limit: Hashable, Sendable {
    package var rate: Rate
    /// What the bucket holds; the rate's count unless the policy says otherwise.
    package var burst: UInt32
    package var key: TokenBucket.Key

    package init(rate: Rate, burst: UInt32? = nil, key: TokenBucket.Key = .shared) {
        self.rate = rate
        self.burst = burst ?? rate.count
        self.key = key
    }
}
