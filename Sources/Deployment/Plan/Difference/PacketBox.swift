import PacketModel
import Policy

/// Packets that start conversations in one direction: those that are in a set along every axis at once.
struct PacketBox: Hashable, Sendable {
    /// The axes of few values; addresses are apart, because they come in two families.
    enum Axis: CaseIterable, Sendable {
        /// The protocol in the bits above 16, the port or the ICMP type and code below.
        case services
        /// Numbers of ``InterfaceClasses``.
        case inputs
        case outputs
        /// 1 where NAT changed the destination, 0 where not.
        case translation
        /// 0 for packets that nobody's socket sends, else the user's number plus 1.
        case users
    }

    var services: IntervalSet<UInt64>
    var inputs: IntervalSet<UInt64>
    var outputs: IntervalSet<UInt64>
    var translation: IntervalSet<UInt64>
    var users: IntervalSet<UInt64>
    /// The near side: the host's own address, or the destination of what is forwarded.
    var local: AddressSet
    /// The far side: who asks, or who is asked by this host.
    var remote: AddressSet

    init(
        services: IntervalSet<UInt64> = Self.everyService,
        inputs: IntervalSet<UInt64>,
        outputs: IntervalSet<UInt64>,
        translation: IntervalSet<UInt64> = Self.everyTranslation,
        users: IntervalSet<UInt64> = Self.everyUser,
        local: AddressSet = .everywhere,
        remote: AddressSet = .everywhere
    ) {
        self.services = services
        self.inputs = inputs
        self.outputs = outputs
        self.translation = translation
        self.users = users
        self.local = local
        self.remote = remote
    }

    static let everyService = IntervalSet(through: 0xFF_FFFF)
    static let everyTranslation = IntervalSet(through: 1)
    static let everyUser = IntervalSet(through: UInt64(UInt32.max) + 1)

    subscript(axis: Axis) -> IntervalSet<UInt64> {
        get {
            switch axis {
            case .services: services
            case .inputs: inputs
            case .outputs: outputs
            case .translation: translation
            case .users: users
            }
        }
        set {
            switch axis {
            case .services: services = newValue
            case .inputs: inputs = newValue
            case .outputs: outputs = newValue
            case .translation: translation = newValue
            case .users: users = newValue
            }
        }
    }

    var isEmpty: Bool {
        Axis.allCases.contains { self[$0].isEmpty }
            || IPFamily.allCases.allSatisfy { remote[$0].isEmpty || local[$0].isEmpty }
    }

    func meets(_ other: PacketBox) -> Bool {
        Axis.allCases.allSatisfy { self[$0].meets(other[$0]) }
            && IPFamily.allCases.contains {
                remote[$0].meets(other.remote[$0]) && local[$0].meets(other.local[$0])
            }
    }

    func contains(_ approach: Approach, _ classes: InterfaceClasses) -> Bool {
        let isOutbound = approach.direction == .outbound
        let (near, far) =
            isOutbound
            ? (approach.source, approach.destination) : (approach.destination, approach.source)
        return services.contains(
            UInt64(approach.transportProtocol.number) << 16 | UInt64(approach.member)
        ) && inputs.contains(classes.number(of: approach.inputInterface))
            && outputs.contains(classes.number(of: approach.outputInterface))
            && translation.contains(approach.isTranslated ? 1 : 0)
            && users.contains(approach.user.map { UInt64($0) + 1 } ?? 0)
            && local.contains(near) && remote.contains(far)
    }
}

extension IntervalSet<UInt64> {
    /// 0 to `last`.
    init(through last: UInt64) {
        self.init([Interval(0, last)].compactMap(\.self))
    }

    /// Services along the axis of ``PacketBox/Axis/services``.
    init(_ services: ServiceSet) {
        if services.isAny {
            self = PacketBox.everyService
            return
        }
        self.init(
            services.members.flatMap { transportProtocol, members in
                let start = UInt64(transportProtocol.number) << 16
                return members.intervals.compactMap {
                    Interval(start | UInt64($0.lower), start | UInt64($0.upper))
                }
            }
        )
    }
}
