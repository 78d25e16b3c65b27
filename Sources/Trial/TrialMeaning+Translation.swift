import PacketModel
import Policy

/// What `nat:` and the table that stands for a container engine do to packets from outside.
extension TrialMeaning {
    /// Whether something changes where a packet from outside goes.
    func isTranslated(_ approach: Approach) -> Bool {
        guard approach.direction != .outbound else { return false }
        let isPublished =
            approach.inputInterface == scene.anyInterface
            && approach.destination == scene[approach.family].host
            && policy.containers?.published.contains {
                $0.services.contains(approach.transportProtocol, approach.member)
            } == true
        return isPublished || policy.nat.contains { takes($0, approach) }
    }

    /// Whether this line, and nothing else, says where a packet goes.
    func isTranslated(_ approach: Approach, by line: TranslationLine) -> Bool {
        guard takes(line, approach) else { return false }
        let others = policy.nat.filter { $0.origin != line.origin && takes($0, approach) }
        let isPublished =
            policy.containers?.published.contains {
                $0.services.contains(approach.transportProtocol, approach.member)
            } == true
        return others.isEmpty && !isPublished
    }

    /// Whether a line of `nat:` sends a packet from outside elsewhere.
    private func takes(_ line: TranslationLine, _ approach: Approach) -> Bool {
        let isAsked =
            switch line.action {
            case .masquerade: false
            // Where no interface is named, what only passes through is left alone.
            case .redirect: approach.direction == .inbound || line.inputInterfaces != nil
            case .portForward(let target, _):
                approach.direction == .inbound && target.family == approach.family
            }
        return isAsked && line.services.contains(approach.transportProtocol, approach.member)
            && line.source?.contains(approach.source) != false
            && line.destination?.contains(approach.destination) != false
            && line.inputInterfaces?.contains { $0.matches(approach.inputInterface ?? "") } != false
    }
}
