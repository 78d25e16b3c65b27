import PacketModel
import Policy

/// What stands in one set: pieces that the kernel finds in one way.
struct SetContents {
    var name: String
    /// The addresses of the pieces are prefixes of this length, each by its first address.
    var prefixLength: Int?
    var pieces: [Piece]
    /// It is a set also where nothing is in it.
    var isKept = false
    /// Its elements may be ranges.
    var hasRanges = false

    /// So few ranges cost less in one set of intervals than in a set for each length of prefix.
    private static let fewRanges = 32
    /// So many sets of one length each cost more than one tree of intervals.
    private static let manyLengths = 8

    /// Divides pieces of one shape.
    ///
    /// Single values are found by a hash, at the same cost however many there are; so are prefixes, by a hash
    /// for each length. Concatenated intervals cost more with each one that shares its first field, and are for
    /// what is left.
    static func split(
        _ pieces: [Piece],
        _ shape: Shape,
        name: String,
        keeping kept: PieceTable.Kept = []
    ) -> [SetContents] {
        let single = pieces.filter { $0.isSingle(in: shape) }
        var result = [SetContents(name: name, pieces: single, isKept: kept.contains(.singles))]
        var ranges = single.count == pieces.count ? [] : pieces.filter { !$0.isSingle(in: shape) }
        if ranges.count > fewRanges {
            let (byLength, rest) = prefixes(ranges, shape)
            if shape.fields.count > 1 || byLength.count <= manyLengths {
                ranges = rest
                result += byLength.sorted { $0.key > $1.key }.map { length, pieces in
                    SetContents(name: "\(name)_\(length)", prefixLength: length, pieces: pieces)
                }
            }
        }
        result.append(
            SetContents(
                name: "\(name)_ranges",
                pieces: ranges,
                isKept: kept.contains(.ranges),
                hasRanges: true
            )
        )
        return result.filter { !$0.pieces.isEmpty || $0.isKept }
    }

    /// The pieces that differ from single values by one address only, as prefixes; and the others.
    private static func prefixes(_ pieces: [Piece], _ shape: Shape) -> ([Int: [Piece]], [Piece]) {
        guard let family = shape.family, shape.hasSource != shape.hasDestination else { return ([:], pieces) }
        let address = shape.hasSource ? \Piece.source : \Piece.destination
        var byLength: [Int: [Piece]] = [:]
        var rest: [Piece] = []
        for piece in pieces {
            var single = piece
            single[keyPath: address] = Interval(piece[keyPath: address].lower)
            guard single.isSingle(in: shape) else {
                rest.append(piece)
                continue
            }
            for prefix in piece[keyPath: address].prefixes(in: family) {
                single[keyPath: address] = Interval(prefix.first)
                byLength[prefix.length, default: []].append(single)
            }
        }
        return (byLength, rest)
    }
}
