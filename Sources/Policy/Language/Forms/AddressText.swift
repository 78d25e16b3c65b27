import Diagnostics
import PacketModel

/// One entry of an address list: an address, a prefix, a range, or the name of a set.
enum AddressText {
    enum Meaning {
        case interval(IPFamily, Interval<UInt128>)
        case name
    }

    /// The code of the error for a DNS name where none can be used.
    static let nameCode = "policy.address.hostname"

    static func read(_ text: String) throws(TextProblem) -> Meaning {
        let meaning = try meaning(of: text)
        // All of them together are a network that lists of such name.
        if case .interval(.ipv6, let interval) = meaning, interval.lower >> 32 == 0xFFFF,
            interval.upper >> 32 == 0xFFFF, interval.upper - interval.lower < UInt128(UInt32.max)
        {
            throw TextProblem(
                "policy.address.mapped",
                "no packet has this address: it is an IPv4 address as some programs write it",
                notes: ["a line with it would neither admit nor shut anybody"]
            )
        }
        return meaning
    }

    private static func meaning(of text: String) throws(TextProblem) -> Meaning {
        if let address = IPAddress(text) { return .interval(address.family, Interval(address.value)) }
        if let slash = text.firstIndex(of: "/") {
            let prefix = try prefix(text[..<slash], text[text.index(after: slash)...], of: text)
            return .interval(prefix.family, prefix.interval)
        }
        if let dash = text.firstIndex(of: "-"), looksNumeric(text[..<dash]) {
            return try range(text[..<dash], text[text.index(after: dash)...], of: text)
        }
        try refuse(text)
        return .name
    }

    private static func prefix(
        _ base: Substring,
        _ length: Substring,
        of text: String
    ) throws(TextProblem) -> Prefix {
        guard let address = IPAddress(base) else { throw noAddress(base) }
        if IPAddress(length)?.family == .ipv4, address.family == .ipv4 {
            throw TextProblem("policy.address.prefix", "a prefix has a length, not a mask", length)
        }
        let longest = address.family.addressWidth
        guard let number = decimal(length), number <= longest else {
            let message = "there is no such prefix length"
            throw TextProblem("policy.address.prefix", message, length, "0 to \(longest)")
        }
        if let prefix = Prefix(family: address.family, first: address.value, length: number) { return prefix }
        let right = Prefix(of: address, length: number).map(notation) ?? ""
        throw TextProblem(
            "policy.address.host-bits",
            "the address has bits beyond the prefix length",
            notes: ["\(right) is the network, and \(base) one address in it"]
        )
    }

    private static func range(
        _ first: Substring,
        _ last: Substring,
        of text: String
    ) throws(TextProblem) -> Meaning {
        guard let lower = IPAddress(first) else { throw noAddress(first) }
        guard let upper = IPAddress(last) else { throw noAddress(last) }
        guard lower.family == upper.family else {
            throw TextProblem("policy.address.range", "the two ends of the range are of different families")
        }
        guard let interval = Interval(lower.value, upper.value) else {
            let label = "the upper end is below the lower end"
            throw TextProblem("policy.address.range", "the address range is empty", nil, label)
        }
        return .interval(lower.family, interval)
    }

    /// Texts that are neither addresses nor names get an explanation.
    private static func refuse(_ text: String) throws(TextProblem) {
        if text.contains("%") {
            let fix = TextRepair.advice("leave out the zone and name the interface with `in:` or `out:`")
            throw TextProblem("policy.address.zone", "an address in a policy has no zone", fix: fix)
        }
        if looksNumeric(text[...]) { throw noAddress(text[...]) }
        if ["any", "all", "everywhere", "*"].contains(text.lowercased()) {
            throw TextProblem("policy.address.any", "a line without this key holds for every address")
        }
        if text.contains(",") {
            throw TextProblem("policy.address.form", "several addresses are a list")
        }
        if text.hasPrefix("!") {
            throw TextProblem("policy.address.negated", "addresses that are left out go under `except:`")
        }
        if text.contains(".") {
            throw TextProblem(
                nameCode,
                "a DNS name can be used in a set only",
                notes: ["lines then name the set"]
            )
        }
    }

    private static func noAddress(_ part: Substring) -> TextProblem {
        let octets = part.split(separator: ".", omittingEmptySubsequences: false)
        let isPadded = octets.count == 4 && octets.contains { $0.count > 1 && $0.hasPrefix("0") }
        return TextProblem(
            "policy.address.form",
            "`\(part)` is not an address",
            part,
            notes: isPadded ? ["a leading zero means octal to some programs"] : []
        )
    }

    private static func notation(_ prefix: Prefix) -> String {
        "\(IPAddress(family: prefix.family, value: prefix.first))/\(prefix.length)"
    }

    /// Begins as an address does: with a digit, or with a colon in it.
    private static func looksNumeric(_ text: Substring) -> Bool {
        guard let first = text.utf8.first else { return false }
        return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
            || text.utf8.contains(UInt8(ascii: ":"))
    }

    private static func decimal(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
