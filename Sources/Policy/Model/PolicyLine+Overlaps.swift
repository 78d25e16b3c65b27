import PacketModel

extension PolicyLine {
    /// Whether one packet may be in both lines.
    package func overlaps(_ other: PolicyLine) -> Bool {
        direction == other.direction && services.overlaps(other.services)
            && Self.meet(source, other.source) && Self.meet(destination, other.destination)
            && InterfacePattern.meet(inputInterfaces, other.inputInterfaces)
            && InterfacePattern.meet(outputInterfaces, other.outputInterfaces)
            && (users.flatMap { mine in other.users.map { !mine.isDisjoint(with: $0) } } ?? true)
    }

    private static func meet(_ left: AddressSet?, _ right: AddressSet?) -> Bool {
        guard let left, let right else { return true }
        return !left.intersection(right).isEmpty
    }
}

extension ServiceSet {
    /// Whether one packet may be of both.
    package func overlaps(_ other: ServiceSet) -> Bool {
        if isAny { return !other.isEmpty }
        if other.isAny { return !isEmpty }
        return members.contains { other.members[$0.key]?.isDisjoint(with: $0.value) == false }
    }
}
