/// A table of ours under another name and asleep (nft(8), `dormant`): the kernel checks and holds all of it, and no packet
/// comes there. So what it makes of a table is found out where no namespace can be made for that.
struct NftablesCopy {
    private let original: String

    /// What a copy is called; at most one is there, and only for a moment.
    static let name = "wallwright_copy"

    init(of original: String) {
        self.original = original
    }

    /// What this kernel lists that holds the original, as `text` for `nft -f` makes it.
    func listing(of text: String) async throws -> FirewallListing {
        let nft = try Tool(named: "nft")
        try await nft.run(["-f", "-"], text: copied(text), in: nil)
        let listing: FirewallListing
        do {
            listing = try await OwnThread.run { [original] in
                try NftablesListing.read(table: Self.name, asCopyOf: original)
            }
        } catch {
            try await nft.run(["-f", "-"], text: Self.removal, in: nil)
            throw error
        }
        try await nft.run(["-f", "-"], text: Self.removal, in: nil)
        return listing
    }

    private static let removal = "table inet \(name) { }\ndelete table inet \(name)\n"

    /// The text with the other name. Where a table begins is a line of its own, in what is printed here and by nft.
    private func copied(_ text: String) -> String {
        let (original, copy) = ("table inet \(original)", "table inet \(Self.name)")
        var result = ""
        for line in text.listedLines {
            switch line {
            case "\(original) {": result += "\(copy) {\n    flags dormant\n"
            case "\(original) { }": result += "\(copy) { }\n"
            case "delete \(original)": result += "delete \(copy)\n"
            default: result += "\(line)\n"
            }
        }
        return result
    }
}
