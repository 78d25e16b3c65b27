extension ChainEdit {
    /// The most of the wanted keys that stand in the same order among the old ones, by their places in both; of several
    /// choices the one with what is wanted first. The old keys are all different, so it is a longest sequence of falling
    /// places from the end on, found by patience sorting (Fredman 1975): in n log n steps also where nothing is left of the
    /// old order.
    static func longestCommonOrder(of wanted: [String], in old: [String]) -> [(old: Int, new: Int)] {
        let places = Dictionary(old.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let known = wanted.enumerated().reversed().compactMap { offset, key in
            places[key].map { (old: $0, new: offset) }
        }
        // Of the sequences of each length the one that ends at the highest place, as an index of `known`.
        var ends: [Int] = []
        var before = [Int?](repeating: nil, count: known.count)
        for (index, entry) in known.enumerated() {
            var (low, high) = (0, ends.count)
            while low < high {
                let middle = (low + high) / 2
                if known[ends[middle]].old > entry.old { low = middle + 1 } else { high = middle }
            }
            before[index] = low > 0 ? ends[low - 1] : nil
            if low < ends.count { ends[low] = index } else { ends.append(index) }
        }
        var result: [(old: Int, new: Int)] = []
        var next = ends.last
        while let index = next {
            result.append(known[index])
            next = before[index]
        }
        return result
    }
}
