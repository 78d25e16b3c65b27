/// `synproxy`: answers the beginning of a connection itself (nft(8), "SYNPROXY STATEMENT").
struct SynproxyExpression: StatementExpression {
    static let name = "synproxy"

    let words: String

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 3) else { return nil }
        words = (["synproxy"] + Self.words(attributes)).joined(separator: " ")
    }

    /// `mss 1460`, `wscale 7`, `timestamp sack-perm`: also of a named one.
    static func words(_ attributes: AttributeList) -> [String] {
        let flags = attributes.u32(3) ?? 0
        var words: [String] = []
        if flags & 1 != 0, let size = attributes.u16(1) { words.append("mss \(size)") }
        if flags & 2 != 0, let scale = attributes.u8(2) { words.append("wscale \(scale)") }
        let names = [(UInt32(8), "timestamp"), (4, "sack-perm")].filter { flags & $0.0 != 0 }.map(\.1)
        return names.isEmpty ? words : words + [names.joined(separator: " ")]
    }
}

/// `flow_offload`: the flow goes past the rules from now on (nft(8), "FLOW STATEMENT").
struct FlowOffloadExpression: StatementExpression {
    static let name = "flow_offload"

    let words: String

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 1), let table = attributes.text(1) else { return nil }
        words = "flow add @\(table)"
    }
}
