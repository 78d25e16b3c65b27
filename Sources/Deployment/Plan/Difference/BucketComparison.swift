import PacketModel
import Policy

/// Finds limited lines whose bucket other packets take from than before, though each meets the same limits.
struct BucketComparison {
    /// A bucket of one policy, and those of the other that hold wherever it does.
    private struct Bucket {
        /// Hold in every cell.
        var partners: Set<Int>
        /// Hold in some cell.
        var met: Set<Int>
        var cells: [PacketBox]
    }

    /// By the places of the entries.
    private var buckets: [Int: Bucket] = [:]

    /// Takes note of remote addresses of a cell that the same limits hold for in both policies.
    mutating func note(_ cell: PacketBox, _ places: [Int], _ table: LineTable) {
        let changed = places.filter { table.entries[$0].sides.count == 1 }
        for place in changed {
            let entry = table.entries[place]
            let others = Set(
                changed.filter {
                    table.entries[$0].sides != entry.sides && table.entries[$0].role == entry.role
                }
            )
            var bucket = buckets[place] ?? Bucket(partners: others, met: [], cells: [])
            bucket.partners.formIntersection(others)
            bucket.met.formUnion(others)
            bucket.cells.append(cell)
            buckets[place] = bucket
        }
    }

    /// The buckets without a partner: those of the new policy, or of the old one if the new one has none.
    func recounted(_ table: LineTable) -> [(candidate: Int, isShared: Bool, cells: [PacketBox])] {
        let alone = buckets.filter { place, bucket in
            !bucket.partners.contains { buckets[$0]?.partners.contains(place) == true }
        }
        let isNew: (Int) -> Bool = { table.entries[$0].sides.contains(.new) }
        let told = alone.keys.contains(where: isNew) ? alone.filter { isNew($0.key) } : alone
        return table.candidates.enumerated().compactMap { number, candidate in
            told[candidate.entry].map { (number, $0.met.count > 1, $0.cells) }
        }
    }
}
