import Diagnostics
import PacketModel

/// One entry of an address list: an address, a prefix, a range, or the name of a set.
enum AddressText {
    enum Meaning {
        case interval(IPFamily, Interval<UInt128>)
        case name
    }

    static func read(_ text: String) throws(TextProblem) -> Meaning {
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
        if let mask = IPAddress(length), mask.family == .ipv4, address.family == .ipv4 {
            let bits = UInt32(truncatingIfNeeded: ~mask.value)
            let right = bits & (bits &+ 1) == 0 ? Prefix(of: address, length: bits.leadingZeroBitCount) : nil
            let fix = right.map { "write \(notation($0))" }
            throw TextProblem("policy.address.prefix", "a prefix has a length, not a mask", length, fix: fix)
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
            notes: ["`\(base)` is one address of the prefix \(right)"],
            fix: "write \(right) for the network, or \(base) for the one address"
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
            let fix = "write \(last)-\(first)"
            throw TextProblem("policy.address.range", "the address range is empty", nil, label, fix: fix)
        }
        return .interval(lower.family, interval)
    }

    /// Texts that are neither addresses nor names get an explanation.
    private static func refuse(_ text: String) throws(TextProblem) {
        if text.contains("%") {
            let fix = "leave out the zone and name the interface with `in:` or `out:`"
            throw TextProblem("policy.address.zone", "an address in a policy has no zone", fix: fix)
        }
        if looksNumeric(text[...]) { throw noAddress(text[...]) }
        if ["any", "all", "everywhere", "*"].contains(text.lowercased()) {
            let message = "every address is meant when the key is left out"
            throw TextProblem("policy.address.any", message, fix: "leave the key out")
        }
        if text.contains(",") {
            let entries = text.split(separator: ",").map { $0.drop { $0 == " " } }.joined(separator: ", ")
            throw TextProblem(
                "policy.address.form",
                "several addresses are a list",
                fix: "write [\(entries)]"
            )
        }
        if text.contains(".") {
            throw TextProblem(
                "policy.address.hostname",
                "a host's name cannot stand here",
                notes: ["a set may be made of names, and lines say the set"],
                fix: "write under sets:  NAME: \(text)"
            )
        }
    }

    private static func noAddress(_ part: Substring) -> TextProblem {
        let octets = part.split(separator: ".", omittingEmptySubsequences: false)
        let isPadded = octets.count == 4 && octets.contains { $0.count > 1 && $0.hasPrefix("0") }
        let unpadded = octets.map { octet in
            let digits = octet.drop { $0 == "0" }
            return digits.isEmpty ? "0" : String(digits)
        }.joined(separator: ".")
        return TextProblem(
            "policy.address.form",
            "`\(part)` is no address",
            part,
            notes: isPadded ? ["a leading zero means octal to some programs"] : [],
            fix: isPadded && IPAddress(unpadded) != nil ? "write \(unpadded)" : nil
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
