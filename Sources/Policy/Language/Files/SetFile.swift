import Diagnostics
import PacketModel

/// A file of addresses: one address, prefix or range a line; `#` and `;` begin a comment.
struct SetFile {
    /// What one file may hold, in entries.
    static let mostEntries = 1_000_000
    /// In bytes: a million of the longest ranges of IPv6, with room for comments.
    static let largest = 128 << 20
    /// A file of another kind would have an error on every line.
    static let mostErrors = 20

    private(set) var addresses = AddressSet(ipv4: [])
    private(set) var diagnostics: [Diagnostic] = []

    /// Reads a whole file; it has errors if `diagnostics` has any.
    static func read(_ source: SourceFile, mostEntries: Int = mostEntries) -> SetFile {
        var file = SetFile()
        file.parse(source, mostEntries)
        return file
    }

    private mutating func parse(_ source: SourceFile, _ mostEntries: Int) {
        var (ipv4, ipv6): ([Interval<UInt128>], [Interval<UInt128>]) = ([], [])
        ipv4.reserveCapacity(min(source.lineStarts.count, mostEntries))
        var entries = 0
        for (index, start) in source.lineStarts.enumerated() {
            let limit =
                index + 1 < source.lineStarts.count ? source.lineStarts[index + 1] : source.bytes.count
            let entry = Self.entry(in: source.bytes, from: start, to: limit)
            if entry.isEmpty { continue }
            entries += 1
            if let address = IPv4Bytes.interval(source.bytes[entry]) {
                ipv4.append(address)
            } else if let address = IPv6Bytes.interval(source.bytes[entry]) {
                ipv6.append(address)
            } else {
                do {
                    let (family, interval) = try Self.interval(
                        String(decoding: source.bytes[entry], as: UTF8.self)
                    )
                    switch family {
                    case .ipv4: ipv4.append(interval)
                    case .ipv6: ipv6.append(interval)
                    }
                } catch {
                    diagnostics.append(error.diagnostic(in: source, entry))
                    if diagnostics.count >= Self.mostErrors { break }
                }
            }
            if entries > mostEntries {
                let place = SourceRange(entry.lowerBound, entry.upperBound)
                let message = "the file has more than \(mostEntries) entries"
                diagnostics.append(Diagnostic(code: "policy.set.size", message, at: .init(source, place)))
                break
            }
        }
        addresses = AddressSet(ipv4: IntervalSet(ipv4), ipv6: IntervalSet(ipv6))
    }

    /// The line without its comment and the white space around the rest.
    private static func entry(in bytes: [UInt8], from start: Int, to limit: Int) -> Range<Int> {
        var (start, end) = (start, start)
        while end < limit, bytes[end] != UInt8(ascii: "#"), bytes[end] != UInt8(ascii: ";") { end += 1 }
        while start < end, isSpace(bytes[start]) { start += 1 }
        while end > start, isSpace(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func interval(_ text: String) throws(TextProblem) -> (IPFamily, Interval<UInt128>) {
        switch try AddressText.read(text) {
        case .interval(let family, let interval): return (family, interval)
        case .name:
            throw TextProblem(
                "policy.address.form",
                "a line of a set file is an address, a prefix or a range"
            )
        }
    }
}

extension TextProblem {
    fileprivate func diagnostic(in source: SourceFile, _ entry: Range<Int>) -> Diagnostic {
        var range = SourceRange(entry.lowerBound, entry.upperBound)
        if let part, part.base.utf8.count == entry.count {
            let start =
                entry.lowerBound + part.base.utf8.distance(from: part.base.startIndex, to: part.startIndex)
            range = SourceRange(start, start + part.utf8.count)
        }
        return Diagnostic(
            code: code,
            message,
            at: .init(source, range, label),
            notes: notes,
            fix: Self.fix(of: source, entry)
        )
    }

    /// A set file has one entry on each line.
    private static func fix(of source: SourceFile, _ entry: Range<Int>) -> Fix? {
        let text = String(decoding: source.bytes[entry], as: UTF8.self)
        guard case .entries(let choices)? = AddressRepair.repair(of: text) else { return nil }
        let texts = choices.map { $0.joined(separator: "\n") }
        let place = SourceRange(entry.lowerBound, entry.upperBound)
        return Fix("write " + texts.joined(separator: " or "), choices: texts.map { [Fix.Edit(place, $0)] })
    }
}
