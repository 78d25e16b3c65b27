/// Pairs of a port and a source, all different, the last of which is the flow that is measured.
enum Entries {
    static func ipv4(_ count: Int) -> [(port: Int, source: String)] {
        (0..<count - 1).map { index in
            let host = 3 + index * 7 % 65_000
            return (6000 + index, "198.18.\(host >> 8).\(host & 255)")
        } + [(Int(Addresses.port), Addresses.outside)]
    }

    static func ipv6(_ count: Int) -> [(port: Int, source: String)] {
        (0..<count - 1).map { (6000 + $0, "2001:db8:\(String($0 + 1, radix: 16))::7") }
            + [(Int(Addresses.port), Addresses.outside6)]
    }

    /// Prefixes, three in four a /24 and the rest single addresses; none touches another or the testbed.
    static func prefixes(_ count: Int) -> [String] {
        (0..<count).map { index in
            let address = 0x0b00_0000 + index * 1536
            return index.isMultiple(of: 4) ? dotted(address) : dotted(address) + "/24"
        }
    }

    /// Prefixes of sixteen lengths, /17 to /32, as published lists have them; none touches another.
    static func mixedPrefixes(_ count: Int) -> [String] {
        var next = 0x0b00_0000
        return (0..<count).map { index in
            let bits = index * 7 % 16
            let size = 1 << bits
            let first = (next + size - 1) / size * size
            next = first + size + 1
            return "\(dotted(first))/\(32 - bits)"
        }
    }

    /// Single addresses; none of the testbed's.
    static func addresses(_ count: Int) -> [String] {
        (0..<count).map { dotted(0x0b00_0000 + $0 * 1531) }
    }

    private static func dotted(_ address: Int) -> String {
        [24, 16, 8, 0].map { String(address >> $0 & 255) }.joined(separator: ".")
    }
}
