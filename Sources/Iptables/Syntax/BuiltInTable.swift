/// The tables that iptables has, in the order in which iptables-save prints them.
package enum BuiltInTable: String, CaseIterable, Sendable {
    case mangle
    case security
    case raw
    case filter
    case nat

    /// In the order of the hooks, as printed.
    package var chains: [BuiltInChain] {
        switch self {
        case .mangle: [.prerouting, .input, .forward, .output, .postrouting]
        case .raw: [.prerouting, .output]
        case .filter, .security: [.input, .forward, .output]
        case .nat: [.prerouting, .input, .output, .postrouting]
        }
    }
}

/// The chains that iptables has, each at a hook of its name.
package enum BuiltInChain: String, CaseIterable, Sendable {
    case prerouting = "PREROUTING"
    case input = "INPUT"
    case forward = "FORWARD"
    case output = "OUTPUT"
    case postrouting = "POSTROUTING"
}
