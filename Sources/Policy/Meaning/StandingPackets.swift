import PacketModel

extension Policy {
    /// The ban that stops an answer: nothing else does (points 2 and 4 of the meaning). What comes from addresses of
    /// management is spared, and so are the answers to them; a ban of `forward` spares nobody.
    package func ban(onAnswer answer: Approach) -> PolicyLine? {
        let isSpared =
            switch answer.direction {
            case .inbound: management.exemptSources?.contains(answer.source) == true
            case .outbound: management.exemptSources?.contains(answer.destination) == true
            case .forward: false
            }
        guard baselinePart(answer) == nil, !isSpared else { return nil }
        return lines.first { $0.isBan && $0.contains(answer) }
    }
}
