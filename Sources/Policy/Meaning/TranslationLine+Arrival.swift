package import PacketModel

/// What a line of `nat:` does with packets that arrive for a port of this host.
extension TranslationLine {
    /// What arrives for this port of TCP goes elsewhere than to one of the ports that are to be reached; nil where it does
    /// not. Gives the sources that this holds for.
    package func takesAway(_ port: UInt16, keeping ports: IntervalSet<UInt16>) -> AddressSet? {
        guard services.contains(.tcp, port) else { return nil }
        switch action {
        case .masquerade: return nil
        case .redirect(let target): return ports.contains(target) ? nil : concernedSources
        case .portForward: return concernedSources
        }
    }

    /// Whether one packet may be translated by both.
    package func overlaps(_ other: TranslationLine) -> Bool {
        isOfArrival && other.isOfArrival && services.overlaps(other.services)
            && Self.meet(concernedSources, other.concernedSources)
            && Self.meet(destination, other.destination)
            && InterfacePattern.meet(inputInterfaces, other.inputInterfaces)
    }

    private var isOfArrival: Bool { action != .masquerade }

    private var concernedSources: AddressSet {
        var sources = source ?? .full
        if case .portForward(let address, _) = action {
            for family in IPFamily.allCases where family != address.family { sources[family] = [] }
        }
        return sources
    }

    private static func meet(_ left: AddressSet?, _ right: AddressSet?) -> Bool {
        guard let left, let right else { return true }
        return !left.intersection(right).isEmpty
    }
}
