/// The elements of a set in the listing of nft.
enum NftElements {
    /// How many a line of them shows: those are divided by commas, but not within quotes.
    static func count(in line: some StringProtocol) -> Int {
        split(line.drop { $0 == "\t" }).count
    }

    /// The pieces of a line or of several, without `elements = {` and `}`.
    static func split(_ text: some StringProtocol) -> [String] {
        var pieces: [String] = []
        var piece = ""
        var isQuoted = false
        for character in text.hasPrefix(opening) ? text.dropFirst(opening.count) : text[...] {
            if character == "\"" { isQuoted.toggle() }
            if !isQuoted, character == "," || character == "}" {
                pieces.append(piece)
                piece = ""
            } else {
                piece.append(character)
            }
        }
        pieces.append(piece)
        return pieces.map { $0.filter { $0 != "\t" && $0 != "\n" }.trimmedOfSpaces }.filter { !$0.isEmpty }
    }

    static let opening = "elements = {"
}

extension String {
    fileprivate var trimmedOfSpaces: String {
        let start = drop { $0 == " " }
        return String(
            start.prefix(upTo: start.lastIndex { $0 != " " }.map(start.index(after:)) ?? start.startIndex)
        )
    }
}
