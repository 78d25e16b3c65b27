extension [UInt8] {
    /// Puts pieces in, takes bytes out, changes some and copies others, so often, anywhere.
    package mutating func damage(_ times: Int, with pieces: [String], using random: inout SplitMix64) {
        for _ in 0..<times {
            let place = Int.random(in: 0...count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: insert(contentsOf: (pieces.randomElement(using: &random) ?? "").utf8, at: place)
            case 1: removeSubrange(place..<Swift.min(count, place + Int.random(in: 0..<20, using: &random)))
            case 2: insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 3 where place < count: self[place] = UInt8.random(in: 0...255, using: &random)
            default:
                let from = Int.random(in: 0...count, using: &random)
                insert(contentsOf: Array(self[from...].prefix(40)), at: place)
            }
        }
    }
}
