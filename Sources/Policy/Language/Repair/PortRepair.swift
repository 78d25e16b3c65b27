import PacketModel

/// What a text was probably meant to say where the number of a port is asked for: `tcp/22`, `ssh`, `22, 2222`.
enum PortRepair {
    /// One list of numbers, or none.
    static func meanings(of text: String) -> [[String]] {
        let words = text.split { ", ;".contains($0) }.map { $0.lowercased() }
        guard (1...32).contains(words.count) else { return [] }
        let ports = words.compactMap(port)
        return ports.count == words.count ? [ports.map(String.init)] : []
    }

    private static func port(_ word: String) -> UInt16? {
        let parts = word.split(separator: "/").filter { IPProtocol(name: $0) != .tcp }
        guard parts.count == 1, let part = parts.first else { return nil }
        if let number = UInt16(part), number > 0 { return number }
        let intervals = ServiceCatalogue.named(part)?.members.members[.tcp]?.intervals
        guard let only = intervals?.first, intervals?.count == 1, only.lower == only.upper else { return nil }
        return only.lower
    }
}
