/// What one entry of a listed set stands for: a key, or all from one key to another.
struct SetRange: Sendable {
    let element: SetElement
    let first: [UInt8]
    /// Nil where it is one key.
    let last: [UInt8]?

    /// The first key by itself, and the rest.
    var halves: [SetRange]? {
        guard let last else { return nil }
        var second = first
        for place in second.indices.reversed() {
            second[place] &+= 1
            if second[place] != 0 { break }
        }
        return [
            SetRange(element: element, first: first, last: nil),
            SetRange(element: element, first: second, last: second == last ? nil : last),
        ]
    }
}

extension KernelSet {
    /// The entries in the order of their keys, what stands for everything last.
    var ranges: [SetRange] {
        var sorted = elements.filter { !$0.isEverything }
        // Ranges in each part of a key have no order but that of the kernel, which nft shows as it is.
        if !isConcatenation {
            sorted.sort {
                $0.key == $1.key ? $0.isEnd && !$1.isEnd : $0.key.lexicographicallyPrecedes($1.key)
            }
        }
        var result: [SetRange] = []
        if isConcatenation || !hasIntervals {
            result = sorted.map {
                SetRange(element: $0, first: $0.key, last: $0.lastKey == $0.key ? nil : $0.lastKey)
            }
        } else {
            var open: SetElement?
            for element in sorted {
                if let start = open { result.append(Self.range(start, before: element.key)) }
                open = element.isEnd ? nil : element
            }
            // The last one may go on to the highest key that there is.
            if let open {
                result.append(Self.range(open, to: [UInt8](repeating: 0xFF, count: open.key.count)))
            }
        }
        return result + elements.filter(\.isEverything).map { SetRange(element: $0, first: [], last: nil) }
    }

    private static func range(_ start: SetElement, before end: [UInt8]) -> SetRange {
        var last = end
        for place in last.indices.reversed() {
            last[place] &-= 1
            if last[place] != 0xFF { break }
        }
        return range(start, to: last)
    }

    private static func range(_ start: SetElement, to last: [UInt8]) -> SetRange {
        SetRange(element: start, first: start.key, last: last == start.key ? nil : last)
    }
}
