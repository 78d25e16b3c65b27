package import Netfilter
import PacketModel

/// Writes the sets of a ruleset in the language of `ipset restore -exist`.
package enum IpsetPrinter {
    /// ipset(8): 31 bytes (IPSET_MAXNAMELEN with the terminator is 32).
    package static let longestName = 31
    /// linux/netfilter/ipset/ip_set.h: IPSET_MAX_COMMENT_SIZE.
    static let longestComment = 255

    package static func restoreFile(_ ruleset: Ruleset) throws(Inexpressible) -> String {
        var text = ""
        for set in ruleset.sets {
            if let comment = set.comment { text += "# \(comment)\n" }
            try write(set, to: &text)
        }
        return text
    }

    private static func write(_ set: NamedSet, to text: inout String) throws(Inexpressible) {
        guard set.name.utf8.count <= longestName, set.dynamic == nil, !set.isMap, let family = set.family
        else {
            throw Inexpressible("the ipset \(set.name)")
        }
        let writer = ElementWriter(type: try IpsetType(set.fields), family: family)
        var hasComments = false
        var (elements, count) = ("", 0)
        // Most elements share what they carry with the one before.
        var (lastAttributes, ending): (Int32, String) = (-1, "\n")
        for index in 0..<set.count {
            if set.attributeIndices[index] != lastAttributes {
                lastAttributes = set.attributeIndices[index]
                let comment = set.attributes(index).comment
                hasComments = hasComments || comment != nil
                ending = comment.map { " comment \(quoted($0))\n" } ?? "\n"
            }
            count += try writer.write(
                set.key(index),
                to: &elements,
                prefix: "add \(set.name) ",
                ending: ending
            )
        }
        text += "create \(set.name) \(writer.type.name(withPrefixes: hasPrefixes(set, writer.type)))"
        text += " family \(family == .ipv4 ? "inet" : "inet6")"
        text += " hashsize \(hashSize(count)) maxelem \(max(count, 1))"
        if set.hasCounters { text += " counters" }
        if hasComments { text += " comment" }
        text += "\n" + elements
    }

    private static func quoted(_ comment: String) -> String {
        QuotedText.ipset(QuotedText.clipped(comment, bytes: longestComment))
    }

    /// A power of two near the count, so that a long list is not hashed anew again and again.
    private static func hashSize(_ count: Int) -> Int {
        var size = 64
        while size < count / 2 { size *= 2 }
        return size
    }

    private static func hasPrefixes(_ set: NamedSet, _ type: IpsetType) -> Bool {
        guard set.hasIntervals else { return false }
        let addresses = set.fields.indices.filter {
            set.fields[$0] == .source || set.fields[$0] == .destination
        }
        return (0..<set.count).contains { index in
            let key = set.key(index)
            return addresses.contains { !key[key.startIndex + $0].isSingle }
        }
    }
}

/// Writes the elements of one set.
private struct ElementWriter {
    let type: IpsetType
    let family: IPFamily

    /// Writes one line for each combination of prefixes and ports; returns their number.
    func write(
        _ key: ArraySlice<Interval<UInt128>>,
        to text: inout String,
        prefix: String,
        ending: String
    ) throws(Inexpressible) -> Int {
        var rest = key
        var combinations = [""]
        for part in type.parts {
            let words = try self.words(for: part, taking: &rest)
            combinations = combinations.flatMap { start in
                words.map { start.isEmpty ? $0 : "\(start),\($0)" }
            }
        }
        for combination in combinations {
            text += prefix
            text += combination
            text += ending
        }
        return combinations.count
    }

    private func words(
        for part: IpsetType.Part,
        taking key: inout ArraySlice<Interval<UInt128>>
    ) throws(Inexpressible) -> [String] {
        guard let first = key.popFirst() else { throw Inexpressible("an element with too few fields") }
        switch part {
        case .address:
            return addresses(first)
        case .port(let field):
            guard let ports = key.popFirst(), first.isSingle else {
                throw Inexpressible("an element of an ipset has one protocol")
            }
            let transportProtocol = IPProtocol(number: UInt8(truncatingIfNeeded: first.lower))
            guard field == .icmpTypeAndCode || IpsetType.portProtocols.contains(transportProtocol) else {
                throw Inexpressible("an element of an ipset with a port of \(transportProtocol)")
            }
            return (ports.lower...ports.upper).map { port in
                field == .icmpTypeAndCode
                    ? "\(transportProtocol):\(port >> 8)/\(port & 0xFF)" : "\(transportProtocol):\(port)"
            }
        }
    }

    /// ipset splits no ranges of IPv6, and has no prefix of length 0: two halves say the same.
    private func addresses(_ interval: Interval<UInt128>) -> [String] {
        interval.prefixes(in: family).flatMap { prefix in
            guard prefix.length == 0 else { return [prefix.description] }
            let half = family == .ipv4 ? ["0.0.0.0/1", "128.0.0.0/1"] : ["::/1", "8000::/1"]
            return half
        }
    }
}
