import Compiler
import Kernel
import PacketModel

/// Rules of others, by their places: what just these chains, tables and sets hold, or are to hold. What is not named here
/// is not touched.
package struct OthersRules: Codable, Hashable, Sendable {
    struct Rule: Codable, Hashable, Sendable {
        /// The words after the chain, as iptables-save writes them.
        var text: String
        var packets: UInt64 = 0
        var bytes: UInt64 = 0

        /// Where it leads, in a chain of that name.
        func target(in chain: String) -> String? {
            SavedRule("-A \(chain) \(text)").flatMap { $0.target.map(String.init) }
        }

        /// Whether iptables-restore reads it as it was meant.
        func isWritable(in chain: String) -> Bool { SavedRule("-A \(chain) \(text)")?.isWritable ?? true }
    }

    /// A chain of iptables, with the rules in it that are not left to their owners.
    struct Chain: Codable, Hashable, Sendable {
        var family: IPFamily
        var table: String
        var name: String
        /// `-` for a chain that somebody made; nil when there is none of that name.
        var policy: String?
        var rules: [Rule] = []

        /// Without what iptables-restore would not read as it is meant: that stays as it is, whatever is restored.
        var writableRules: [Rule] { rules.filter { $0.isWritable(in: name) } }

        var isBuiltIn: Bool { policy.map { $0 != "-" } ?? false }
        /// `IPv4 filter INPUT`
        var place: String { "\(family == .ipv4 ? "IPv4" : "IPv6") \(table) \(name)" }

        func isSamePlace(as other: Chain) -> Bool {
            (family, table, name) == (other.family, other.table, other.name)
        }
    }

    /// A table of nftables or a set of ipset, as the tool that loads it reads it; nil when there is none.
    struct Part: Codable, Hashable, Sendable {
        var name: String
        var text: String?
    }

    /// Whether what some owners write by themselves is theirs to keep, or is restored too.
    var everyone: Bool
    /// The tools that the chains belong to.
    var variant: IptablesVariant
    var chains: [Chain] = []
    /// By names as `inet filter`.
    var tables: [Part] = []
    var sets: [Part] = []

    var isEmpty: Bool { chains.isEmpty && tables.isEmpty && sets.isEmpty }

    /// The families of which there are chains.
    var families: [IPFamily] {
        IPFamily.allCases.filter { family in chains.contains { $0.family == family } }
    }
}
