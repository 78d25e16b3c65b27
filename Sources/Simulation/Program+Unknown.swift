import Netfilter
import PacketModel

extension Program {
    /// Something that nobody knows.
    struct Unknown: Sendable {
        var words: String
        /// The answers that there are, from 0; 1 of two says that it holds.
        var choices = 2
        /// Of a verdict.
        var action: UnknownAction?
    }
}

extension InterfacePattern {
    /// A name that it matches.
    var sample: String { isWildcard ? String((stem + "0").prefix(Self.longestName)) : text }
}

extension Field {
    /// As people call it.
    var words: String {
        switch self {
        case .source: "source"
        case .destination: "destination"
        case .sourcePort, .destinationPort: "port"
        case .mark: "mark"
        case .connectionMark: "connection's mark"
        case .dscp, .ecn: "type of service"
        case .hopLimit: "hop limit"
        case .length: "length"
        default: "\(self)"
        }
    }
}
