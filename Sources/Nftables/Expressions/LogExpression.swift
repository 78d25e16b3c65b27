/// `log`: a line in the log of the kernel, or the packet to a group (nft(8), "LOG STATEMENT").
struct LogExpression: StatementExpression {
    static let name = "log"

    let words: String

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 6) else { return nil }
        var words = "log"
        if let prefix = attributes.text(2), !prefix.isEmpty { words += " prefix \"\(prefix)\"" }
        if let group = attributes.u16(1) {
            words += " group \(group)"
            if let length = attributes.u32(3), length != 0 { words += " snaplen \(length)" }
            if let threshold = attributes.u16(4), threshold != 0 { words += " queue-threshold \(threshold)" }
        }
        if let level = attributes.u32(5), level != Self.usualLevel {
            guard Self.levels.indices.contains(Int(level)) else { return nil }
            words += " level \(Self.levels[Int(level)])"
        }
        switch attributes.u32(6) ?? 0 {
        case 0: break
        case let flags where flags & Self.allFlags == Self.allFlags: words += " flags all"
        case let flags:
            let tcp = [(UInt32(1), "sequence"), (2, "options")].filter { flags & $0.0 != 0 }.map(\.1)
            if !tcp.isEmpty { words += " flags tcp \(tcp.joined(separator: ","))" }
            for (bit, name) in [(UInt32(4), "ip options"), (8, "skuid"), (0x20, "ether")]
            where flags & bit != 0 {
                words += " flags \(name)"
            }
        }
        self.words = words
    }

    /// `warn`.
    private static let usualLevel: UInt32 = 4
    private static let levels = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug", "audit"]
    private static let allFlags: UInt32 = 0x2F
}
