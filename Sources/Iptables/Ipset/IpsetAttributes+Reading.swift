import Diagnostics
import PacketModel

extension IpsetAttributes {
    /// The words behind an element.
    init(_ words: ArraySlice<String>, _ set: Ipset.Head) throws(Refusal) {
        self.init()
        var reader = IpsetWords(words)
        func need(_ isThere: Bool, _ what: String) throws(Refusal) {
            guard isThere else {
                throw Refusal("ipset.option.support", "the set was created without \(what)")
            }
        }
        while let word = reader.next() {
            switch word.hasPrefix("--") ? String(word.dropFirst(2)) : word {
            case "timeout": timeout = UInt32(try reader.number(0...IpsetOptions.longestTimeout))
            case "packets": packets = try reader.number(0...UInt64.max - 1)
            case "bytes": bytes = try reader.number(0...UInt64.max - 1)
            case "comment":
                let text = try reader.value()
                guard text.utf8.count <= 255 else {
                    throw Refusal("ipset.comment", "a comment has at most 255 bytes")
                }
                guard !text.contains("\"") else {
                    throw Refusal("ipset.comment", "a comment has no quotes in it")
                }
                comment = text
            case "skbmark": mark = try Self.mark(try reader.value())
            case "skbprio": priority = try Self.priority(try reader.value())
            case "skbqueue": queue = UInt16(try reader.number(0...65_535))
            case "nomatch" where set.kind.hasNets: isException = true
            case "wildcard" where set.kind.hasInterfaces: isWildcard = true
            default:
                throw Refusal("ipset.option.unknown", "an element of \(set.kind.name) has no option \(word)")
            }
        }
        try need(timeout == nil || set.options.timeout != nil, "timeout")
        try need(packets == nil && bytes == nil || set.options.hasCounters, "counters")
        try need(comment == nil || set.options.hasComments, "comment")
        let hasMarks = mark != nil || priority != 0 || queue != 0
        try need(!hasMarks || set.options.hasMarks, "skbinfo")
    }

    /// `0x1/0xff`; what is too long loses its front.
    private static func mark(_ text: String) throws(Refusal) -> (UInt32, UInt32) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let values = parts.map { $0.hasPrefix("0x") ? UInt64($0.dropFirst(2), radix: 16) : nil }
        guard let first = values[0], values.count <= 2,
            let last = values.count == 2 ? values[1] : UInt64(UInt32.max)
        else { throw Refusal("ipset.mark", "\(text) is no mark, as 0x1 or 0x1/0xff is") }
        return (UInt32(truncatingIfNeeded: first), UInt32(truncatingIfNeeded: last))
    }

    /// `MAJOR:MINOR`, both in hexadecimal.
    private static func priority(_ text: String) throws(Refusal) -> UInt32 {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { UInt64($0, radix: 16) }
        guard parts.count == 2, let major = parts[0], let minor = parts[1] else {
            throw Refusal("ipset.priority", "\(text) is no MAJOR:MINOR")
        }
        return UInt32(UInt16(truncatingIfNeeded: major)) << 16 | UInt32(UInt16(truncatingIfNeeded: minor))
    }

    /// Of one that is added anew: what is not given again stays only of the counters.
    func taking(over before: IpsetAttributes) -> IpsetAttributes {
        var new = self
        new.packets = packets ?? before.packets
        new.bytes = bytes ?? before.bytes
        return new
    }
}
