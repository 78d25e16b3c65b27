import PacketModel

extension Policy {
    /// The part of the baseline that drops a packet which starts a conversation, whatever the lines say.
    func droppingPart(_ approach: Approach) -> Baseline.Part? {
        let interface = approach.direction == .outbound ? approach.outputInterface : approach.inputInterface
        guard interface != "lo" else { return nil }
        let (source, destination) = (approach.source.value, approach.destination.value)
        switch approach.family {
        case .ipv4:
            guard approach.direction != .outbound, baseline.has(.spoofedLoopback) else { return nil }
            let isSpoofed = BaselineNetworks.loopback.contains(source)
            let reachesInside = BaselineNetworks.loopback.contains(destination) && !approach.isTranslated
            return isSpoofed || reachesInside ? .spoofedLoopback : nil
        case .ipv6:
            guard baseline.has(.mappedAddresses) else { return nil }
            let isMapped = [source, destination].contains { BaselineNetworks.mapped.contains($0) }
            return isMapped ? .mappedAddresses : nil
        }
    }
}
