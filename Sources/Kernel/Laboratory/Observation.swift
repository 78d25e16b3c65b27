/// What became of a probe.
package enum Observation: Hashable, Sendable {
    /// It arrived where it was going; of a conversation, the answer came back.
    case passed
    /// Nothing was seen within the window.
    case silence
    case refused(Refusal)

    package enum Refusal: Hashable, Sendable {
        /// A TCP segment with the RST flag.
        case reset
        /// An ICMP error of any kind.
        case icmp
    }
}

/// What became of a probe, and how it looked where it arrived.
package struct Outcome: Hashable, Sendable {
    package var observation: Observation
    /// The packet as it left the machine, after translation; of forwarded and outbound packets only.
    package var seen: WirePacket?

    package init(_ observation: Observation, seen: WirePacket? = nil) {
        self.observation = observation
        self.seen = seen
    }
}

extension Observation: CustomStringConvertible {
    package var description: String {
        switch self {
        case .passed: "passed"
        case .silence: "silence"
        case .refused(.reset): "reset"
        case .refused(.icmp): "ICMP error"
        }
    }
}
