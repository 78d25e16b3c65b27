/// A firewall in the language of `nft -f`.
package struct NftablesProgram: Hashable, Sendable {
    /// Replaces our table and nothing else, in one transaction.
    package var text: String

    package init(text: String) {
        self.text = text
    }

    /// The table that is ours, as nft names it.
    package static let table = "inet \(NftablesLowering.tableName)"

    /// Takes the table away, whether it is there or not.
    package static let removal = "table \(table) { }\ndelete table \(table)\n"
}
