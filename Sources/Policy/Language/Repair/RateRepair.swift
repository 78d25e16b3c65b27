import Diagnostics
import PacketModel

/// What a text that is no rate or limit was probably meant to say: `5/m`, `10 per minute per ip`.
enum RateRepair {
    /// Texts that the reader takes, one for each meaning.
    static func meanings(of text: String, isLimit: Bool) -> [String] {
        var words = words(of: text.replacing("=", with: " ").replacing("per-", with: "per ")).filter {
            !fillers.contains($0)
        }[...]
        guard let count = words.popFirst(), count.allSatisfy(\.isNumber), count.contains(where: { $0 != "0" })
        else {
            return []
        }
        if words.first == "/" || words.first == "per" || words.first == "every" || words.first == "a" {
            words.removeFirst()
        }
        var units = Rate.Unit.allCases.map(\.rawValue)
        if let word = words.first, let unit = unit(word) {
            units = [unit]
            words.removeFirst()
        } else if let word = words.first, !["burst", "per"].contains(word) {
            return []
        }
        guard let rest = rest(&words), isLimit || rest.isEmpty else { return [] }
        return units.map { "\(count)/\($0)\(rest)" }.filter { isRight($0, isLimit: isLimit) }
    }

    private static let fillers: Set<String> = [
        "connections", "connection", "packets", "packet", "requests", "new", "times", "of", "from", "limit",
        "rate",
        "attempts", "pkts", "the", "at", "most",
    ]

    /// `burst M` and `per source`, in this order; nil for what is not understood.
    private static func rest(_ words: inout ArraySlice<String>) -> String? {
        var (burst, key) = ("", "")
        while let word = words.popFirst() {
            if word == "burst" || NearestSpelling.candidates(for: word, among: ["burst"]) == ["burst"] {
                guard let size = words.popFirst(), size.allSatisfy(\.isNumber) else { return nil }
                burst = " burst \(size)"
            } else {
                if ["per", "for", "by", "/", "each", "every"].contains(word) { continue }
                guard let found = self.key(word) else { return nil }
                key = " per \(found)"
            }
        }
        return burst + key
    }

    /// Numbers, words and slashes; `/64` stays with its word.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        for part in text.lowercased().split(whereSeparator: { " ,;".contains($0) }) {
            guard part.first?.isNumber == true, let end = part.firstIndex(where: { !$0.isNumber }) else {
                words.append(String(part))
                continue
            }
            words.append(String(part[..<end]))
            let rest = part[end...].drop { $0 == "/" || $0 == "x" }
            words.append("/")
            if !rest.isEmpty { words += rest.split(separator: "/").map(String.init) }
        }
        return words
    }

    private static func unit(_ word: String) -> String? {
        // `30seconds` is no unit: six in them are not six in one.
        guard !word.contains(where: \.isNumber) else { return nil }
        if let short = ["hr": "hour", "hrs": "hour", "secs": "second", "mins": "minute"][word] {
            return short
        }
        let known = Rate.Unit.allCases.map(\.rawValue)
        if let unit = known.first(where: { $0.hasPrefix(word) }) { return unit }
        let plain = word.hasSuffix("s") ? String(word.dropLast()) : word
        if let unit = known.first(where: { $0.hasPrefix(plain) }) { return unit }
        let near = NearestSpelling.candidates(for: plain, among: known)
        return near.count == 1 ? near[0] : nil
    }

    private static func key(_ word: String) -> String? {
        let parts = word.split(separator: "/", maxSplits: 1).map(String.init)
        guard let first = parts.first else { return nil }
        let length = parts.count == 2 ? "/\(parts[1])" : ""
        if ["ip", "address", "addr", "host", "client", "src", "srcip", "saddr", "user", "visitor"].contains(
            first
        ) {
            return "source" + length
        }
        if ["dst", "dstip", "daddr", "server"].contains(first) { return "destination" + length }
        let near = NearestSpelling.candidates(for: first, among: ["source", "destination"])
        return near.count == 1 ? near[0] + length : nil
    }

    private static func isRight(_ text: String, isLimit: Bool) -> Bool {
        isLimit ? (try? RateText.limit(text)) != nil : (try? RateText.rate(text[...])) != nil
    }
}
