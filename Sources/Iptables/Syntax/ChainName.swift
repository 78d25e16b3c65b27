import Diagnostics

/// What a chain may be called, and what iptables refuses of chains.
enum ChainName {
    /// In bytes (linux/netfilter/x_tables.h, XT_EXTENSION_MAXNAMELEN with its terminator).
    static let longest = 28

    static func check(_ name: Word) throws(Refusal) {
        guard name.bytes.count <= longest else {
            throw Refusal(
                "chain.name.long",
                "the name of a chain has at most \(longest) bytes",
                at: name.range
            )
        }
    }

    /// A chain that is to be made.
    static func checkNew(_ name: Word) throws(Refusal) {
        try check(name)
        guard !name.bytes.isEmpty else {
            throw Refusal("chain.name.empty", "the chain has no name", at: name.range)
        }
        if let first = name.bytes.first, first == Ascii.dash || first == Ascii.exclamation {
            throw Refusal("chain.name.start", "the name of a chain cannot begin with - or !", at: name.range)
        }
        if name.bytes.contains(where: Ascii.isSpace) {
            throw Refusal("chain.name.blank", "the name of a chain has no blanks", at: name.range)
        }
        if ["ACCEPT", "DROP", "RETURN", "QUEUE"].contains(name.text) {
            throw Refusal("chain.name.target", "\(name.text) is the name of a target", at: name.range)
        }
    }

    static func droppingInNat(_ range: SourceRange) -> Refusal {
        Refusal(
            "target.table",
            "the table nat is not for filtering: iptables refuses DROP there",
            fix: "drop in the table filter",
            at: range
        )
    }
}
