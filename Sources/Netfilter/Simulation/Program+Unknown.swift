import PacketModel

extension Verdict {
    /// What nobody knows of a packet after it.
    var openedFields: [Field] {
        if case .unknown(let action) = self { action.written } else { [] }
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
