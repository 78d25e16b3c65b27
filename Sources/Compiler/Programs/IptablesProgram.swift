package import PacketModel

/// A firewall in the languages of `iptables-restore`, `ip6tables-restore` and `ipset restore`.
package struct IptablesProgram: Hashable, Sendable, Codable {
    /// What one family gets.
    package struct Family: Hashable, Sendable, Codable {
        /// For `iptables-restore --noflush`: our own chains, each declared (`:NAME - [0:0]`), without the jumps.
        package var text: String
        package var jumps: [Jump]

        package init(text: String, jumps: [Jump]) {
            self.text = text
            self.jumps = jumps
        }
    }

    /// The one rule by which a built-in chain reaches one of ours.
    package struct Jump: Hashable, Sendable, Codable {
        package var table: String
        package var chain: String
        /// The words after the chain: `-j WALLWRIGHT-INPUT`.
        package var words: [String]

        package init(table: String, chain: String, words: [String]) {
            self.table = table
            self.chain = chain
            self.words = words
        }
    }

    package var ipv4: Family
    package var ipv6: Family
    /// For `ipset restore -exist`; empty when no rule needs a set. Set names are of this generation.
    package var ipset: String

    package init(ipv4: Family, ipv6: Family, ipset: String) {
        self.ipv4 = ipv4
        self.ipv6 = ipv6
        self.ipset = ipset
    }

    /// What the names of our chains begin with, in every table.
    package static let chainPrefix = "WALLWRIGHT-"
    /// Whether a chain is one of those that we make. Names with other characters than ours are somebody else's.
    package static func isOwnChain(_ name: some StringProtocol) -> Bool {
        name.utf8.starts(with: chainPrefix.utf8)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// What the names of our sets begin with.
    package static let setPrefix = "ww-"

    package subscript(family: IPFamily) -> Family {
        switch family {
        case .ipv4: ipv4
        case .ipv6: ipv6
        }
    }
}
