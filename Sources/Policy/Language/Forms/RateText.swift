import Diagnostics
import PacketModel

/// Rates and limits: `50/minute burst 100 per source/64`.
enum RateText {
    /// The kernel's hashlimit takes no larger rate or burst (xt_hashlimit: XT_HASHLIMIT_SCALE_v2).
    static let largest: UInt32 = 1_000_000

    /// A bucket that is empty must be full again within so many days: nft takes eight digits of seconds.
    static let mostDays = 1_000

    /// The IPv6 addresses that one customer has; they share a bucket.
    static let ipv6PrefixLength = 64

    static func rate(_ text: Substring) throws(TextProblem) -> Rate {
        guard let slash = text.firstIndex(of: "/") else {
            throw TextProblem("policy.limit.unit", "a rate is a number per second, minute, hour or day", text)
        }
        let (countText, unitText) = (text[..<slash], text[text.index(after: slash)...])
        let count = try count(countText)
        guard let unit = Rate.Unit(rawValue: String(unitText)) else {
            throw TextProblem(
                "policy.limit.unit",
                "the unit of a rate is second, minute, hour or day",
                unitText
            )
        }
        guard let rate = Rate(count, per: unit) else { throw zero(countText) }
        return rate
    }

    static func limit(_ text: String) throws(TextProblem) -> Limit {
        var words = text.split(separator: " ")[...]
        let rate = try rate(words.popFirst() ?? text[...])
        var limit = Limit(rate: rate)
        var burst = text[...]
        if words.first == "burst" {
            let word = words.removeFirst()
            guard let size = words.popFirst() else {
                throw TextProblem("policy.limit.form", "a burst has a number", word, "how many?")
            }
            limit.burst = try count(size)
            burst = size
        }
        if words.first == "per" {
            let word = words.removeFirst()
            guard let key = words.popFirst() else {
                throw TextProblem(
                    "policy.limit.form",
                    "per what?",
                    word,
                    fix: TextRepair(["source", "destination"].map { ["\(text[..<word.endIndex]) \($0)"] })
                )
            }
            limit.key = try self.key(key)
        }
        if let word = words.first {
            throw TextProblem(
                "policy.limit.form",
                "a limit is `N/second|minute|hour|day [burst M] [per source|per destination]`",
                word,
                "not understood"
            )
        }
        try requireRefill(limit, text, burst)
        return limit
    }

    private static func requireRefill(_ limit: Limit, _ text: String, _ burst: Substring) throws(TextProblem)
    {
        let bucket = TokenBucket(rate: limit.rate, burst: limit.burst, key: limit.key)
        let longest = mostDays * Rate.Unit.day.seconds
        guard bucket.refillSeconds > longest else { return }
        let most = UInt64(limit.rate.count) * UInt64(longest) / UInt64(limit.rate.unit.seconds)
        throw TextProblem(
            "policy.limit.slow",
            "an empty bucket of this limit would be full again after \(bucket.refillSeconds / Rate.Unit.day.seconds) days",
            burst,
            "at most \(mostDays) days",
            fix: .write(text.replacing("burst \(burst)", with: "burst \(most)"))
        )
    }

    private static func key(_ text: Substring) throws(TextProblem) -> TokenBucket.Key {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        var length = ipv6PrefixLength
        if parts.count == 2 {
            guard let written = number(parts[1]), (1...128).contains(written) else {
                let message = "there is no such prefix length"
                throw TextProblem("policy.limit.prefix", message, parts[1], "1 to 128, of IPv6")
            }
            length = Int(written)
        }
        switch parts[0] {
        case "source": return .source(ipv6PrefixLength: length)
        case "destination": return .destination(ipv6PrefixLength: length)
        default:
            let message = "a limit counts per source or per destination"
            throw TextProblem("policy.limit.form", message, parts[0])
        }
    }

    private static func count(_ text: Substring) throws(TextProblem) -> UInt32 {
        guard let count = number(text) else {
            throw TextProblem("policy.limit.form", "`\(text)` is not a number", text)
        }
        if count == 0 { throw zero(text) }
        guard count <= largest else {
            throw TextProblem("policy.limit.range", "no limit can be that large", text, "at most \(largest)")
        }
        return count
    }

    private static func zero(_ text: Substring) -> TextProblem {
        TextProblem(
            "policy.limit.zero",
            "a limit of 0 admits nothing",
            text,
            fix: .advice("leave the line out, or write a deny")
        )
    }

    /// Digits only; what is beyond 32 bits is the largest.
    private static func number(_ text: Substring) -> UInt32? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return UInt32(text) ?? .max
    }
}
