package import PacketModel

/// A packet that wants to start a conversation, as a policy sees it.
package struct Approach: Hashable, Sendable {
    package var direction: Direction
    package var family: IPFamily
    package var transportProtocol: IPProtocol
    /// The destination port that was asked for, or ICMP type (high byte) and code; 0 for other protocols.
    package var member: UInt16
    package var source: IPAddress
    package var destination: IPAddress
    /// The source port; nil where nobody knows or there is none. Only DHCP is told by it.
    package var sourcePort: UInt16?
    /// The destination address that was asked for, before NAT; nil where it is that of the packet.
    package var askedDestination: IPAddress?
    package var inputInterface: String?
    package var outputInterface: String?
    /// The user that owns the sending socket.
    package var user: UInt32?
    /// NAT changed the destination before the packet came to the filter.
    package var isTranslated: Bool
    /// What the host's clock says then; at the beginning no line has ended.
    package var time: CalendarTime

    package init(
        direction: Direction,
        transportProtocol: IPProtocol,
        member: UInt16,
        source: IPAddress,
        destination: IPAddress,
        inputInterface: String? = nil,
        outputInterface: String? = nil,
        user: UInt32? = nil,
        isTranslated: Bool = false,
        time: CalendarTime = CalendarTime(seconds: 0)
    ) {
        self.direction = direction
        family = source.family
        self.transportProtocol = transportProtocol
        self.member = member
        self.source = source
        self.destination = destination
        self.inputInterface = inputInterface
        self.outputInterface = outputInterface
        self.user = user
        self.isTranslated = isTranslated
        self.time = time
    }
}

extension PolicyLine {
    /// Whether the line speaks of this packet.
    package func contains(_ approach: Approach) -> Bool {
        direction == approach.direction
            && services.contains(approach.transportProtocol, approach.member)
            && (services.isAny || approach.transportProtocol.family.map { $0 == approach.family } ?? true)
            && (source?.contains(approach.source) ?? true)
            && (destination?.contains(approach.destination) ?? true)
            && Self.matches(inputInterfaces, approach.inputInterface)
            && Self.matches(outputInterfaces, approach.outputInterface)
            && (users.map { users in approach.user.map(users.contains) ?? false } ?? true)
            && (until.map { approach.time < $0 } ?? true)
    }

    private static func matches(_ patterns: [InterfacePattern]?, _ name: String?) -> Bool {
        guard let patterns else { return true }
        guard let name else { return false }
        return patterns.contains { $0.matches(name) }
    }
}
