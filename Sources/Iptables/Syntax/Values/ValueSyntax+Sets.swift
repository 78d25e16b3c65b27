import Diagnostics

extension ValueSyntax {
    /// An ipset and what is looked up in it, `NAME src,dst`; what follows `src` or `dst` does not count.
    ///
    /// The set is taken to be there, and to be of the family (ipset(8)).
    static let setLookup = ValueSyntax(
        words: 2,
        samples: [
            "addresses src", "addresses dst", "addresses src,dst", "addresses dst,src,dst,src,dst,src",
            "addresses src,dst,src,dst,src,dst,src", "addresses srcdst", "addresses SRC", "addresses src,",
            "addresses ,src", "addresses x", "addresses", "a2345678901234567890123456789012 src",
            "addresses \"\"", "\"\" src",
        ],
        read: { words, _ throws(Refusal) in
            let (name, text) = (words[0].bytes, words[1].text)
            guard (1...longestSetName).contains(name.count) else {
                throw Refusal("value.set.name", "the name of a set has 1 to \(longestSetName) bytes")
            }
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            guard parts.count <= mostDirections else {
                throw Refusal("value.set.directions", "a set is asked for at most \(mostDirections) things")
            }
            let directions = parts.compactMap { part in ["src", "dst"].first(where: part.hasPrefix) }
            guard directions.count == parts.count else {
                throw Refusal(
                    "value.set.directions",
                    "\(text.isEmpty ? "nothing" : text) is not a list of src and dst",
                    fix: "write src or dst, with commas between"
                )
            }
            return .list([.text(name), .keyword(directions.joined(separator: ","))])
        },
        write: { value in Array(value.items.map(\.bytes).joined(separator: [Ascii.space])) }
    )

    /// In bytes (IPSET_MAXNAMELEN with its terminator).
    private static let longestSetName = 31
    /// IPSET_DIM_MAX
    private static let mostDirections = 6
}
